namespace DynamicToolset.Bench.Running;

/// <summary>By its number on Linux.</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
