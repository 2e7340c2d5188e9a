namespace DynamicToolset.HealthCheck;

/// <summary>What is known of an endpoint that was in place and fails.</summary>
/// <param name="Since">When the first failed check of those in a row had ended.</param>
/// <param name="ProvenAt">When another endpoint had first passed a check that began after <paramref name="Since"/>; null while none has.</param>
/// <param name="OutSince">When its failure was believed; null while it is in place.</param>
internal sealed record Fall(TimeSpan Since, TimeSpan? ProvenAt = null, TimeSpan? OutSince = null)
{
    public bool IsOut => OutSince is not null;
}
