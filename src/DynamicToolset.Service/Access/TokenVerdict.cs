namespace DynamicToolset.Service.Access;

/// <summary>What is thought of a token.</summary>
/// <param name="Caller">Null where it is not accepted.</param>
/// <param name="IsForOthers">It is not accepted and was, or seems to be, meant for somebody else.</param>
internal sealed record TokenVerdict(Caller? Caller, bool IsForOthers = false);
