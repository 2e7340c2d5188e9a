namespace DynamicToolset.Rules;

/// <summary>What HolmesGPT will get from a backend.</summary>
public enum QuestionVerdict
{
    Works,

    /// <summary>It answers 401 or 403.</summary>
    Credentials,

    /// <summary>It keeps the data of several tenants apart, and wants a header that names one.</summary>
    Tenant,

    /// <summary>It answers, but its certificate is not verified. The settings tell that, not an answer.</summary>
    Certificate,

    /// <summary>It answers as it should, and there is nothing to be found.</summary>
    NoData,
}

/// <summary>The words for verdicts: in rules, in answers of the API, in a metric's label, in the log.</summary>
public static class QuestionVerdicts
{
    /// <summary>
    /// The question is what HolmesGPT will ask, and its answer counts: a guard may let that through, and not the check. Where it did not tell, the check does.
    /// </summary>
    /// <param name="answered">In the last visit; null where that did not tell.</param>
    public static QuestionVerdict? WithHealth(bool wantsCredentials, QuestionVerdict? answered) =>
        answered ?? (wantsCredentials ? QuestionVerdict.Credentials : null);

    /// <param name="isVerified">False if its certificate is not verified.</param>
    public static QuestionVerdict? WithCertificate(this QuestionVerdict? verdict, bool isVerified) =>
        verdict == QuestionVerdict.Works && !isVerified ? QuestionVerdict.Certificate : verdict;

    public static string Word(this QuestionVerdict verdict) => verdict switch
    {
        QuestionVerdict.Works => "works",
        QuestionVerdict.Credentials => "credentials",
        QuestionVerdict.Tenant => "tenant",
        QuestionVerdict.Certificate => "certificate",
        QuestionVerdict.NoData => "no_data",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
