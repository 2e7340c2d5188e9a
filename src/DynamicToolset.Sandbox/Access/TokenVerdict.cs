namespace DynamicToolset.Sandbox.Access;

/// <summary>What a token is worth.</summary>
/// <param name="User">Null where the token proves nobody.</param>
/// <param name="Audiences">Those of the ones asked for that the token is meant for.</param>
/// <param name="Error">Why it proves nobody; empty where it does.</param>
internal sealed record TokenVerdict(KubeUser? User, IReadOnlyList<string> Audiences, string Error);
