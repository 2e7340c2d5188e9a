namespace DynamicToolset.Rules;

/// <summary>What HolmesGPT will meet at a backend.</summary>
public enum QuestionVerdict
{
    Works,

    /// <summary>It answers 401 or 403.</summary>
    Credentials,

    /// <summary>It keeps the data of several tenants apart, and wants a header that names one.</summary>
    Tenant,

    /// <summary>It answers, with a certificate that nobody has verified. No answer tells it: the settings do.</summary>
    Certificate,

    /// <summary>It answers as it should, and there is nothing to be found.</summary>
    NoData,
}

/// <summary>The words for verdicts: in rules, in answers of the API, in a metric's label, in the log.</summary>
public static class QuestionVerdicts
{
    /// <summary>
    /// Checks are made more often than visits, so that a backend that has begun to want credentials is known to by its check. That it is the name of a tenant
    /// that it wants is told by the visit alone.
    /// </summary>
    /// <param name="answered">In the last visit; null where that did not tell.</param>
    public static QuestionVerdict? WithHealth(bool wantsCredentials, QuestionVerdict? answered) =>
        wantsCredentials && answered != QuestionVerdict.Tenant ? QuestionVerdict.Credentials : answered;

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
