namespace DynamicToolset.Bench.Attack;

/// <summary>What a backend may do to whoever asks whether it is well.</summary>
internal enum HostileBackend
{
    Right,
    Hangs,
    BodyWithoutEnd,
    AByteASecond,
    HugeHeaders,
    HeadersWithoutEnd,
    Garbage,
    Resets,
    RedirectsToMetadata,
    InformsWithoutEnd,
    ComesAndGoes,
}
