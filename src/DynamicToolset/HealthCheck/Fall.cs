namespace DynamicToolset.HealthCheck;

/// <summary>What is known of an endpoint that was in place and fails.</summary>
/// <param name="Since">When the first failed check of those in a row had ended.</param>
/// <param name="ProvenAt">When another endpoint had first passed a check that began after <paramref name="Since"/>; null while none has.</param>
/// <param name="IsOut">Its failure was believed.</param>
internal sealed record Fall(TimeSpan Since, TimeSpan? ProvenAt = null, bool IsOut = false);
