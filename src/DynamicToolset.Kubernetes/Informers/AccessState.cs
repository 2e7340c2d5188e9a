using DynamicToolset.Kubernetes.Client;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Whether the API server grants what is asked. It answers 403 to everybody until it has read its RBAC rules, a second or two after it accepts
/// connections: such a refusal may pass by itself.
/// </summary>
internal sealed class AccessState(TimeProvider time)
{
    private static readonly TimeSpan RightsAllowance = TimeSpan.FromSeconds(5);

    // Whether it has granted anything since it was last out of reach, and since when it has refused instead.
    private bool _isGranted;
    private long? _forbiddenSince;
    private volatile string? _missingRight;
    private string? _missingVerb;

    public string? MissingRight => _missingRight;

    /// <summary>Who may list may all the same not watch: such a right is missing until it is granted itself.</summary>
    /// <param name="verb">What was granted.</param>
    /// <returns>True where it was out of reach before.</returns>
    public bool Granted(string verb)
    {
        _forbiddenSince = null;
        if (_missingVerb == verb)
            (_missingRight, _missingVerb) = (null, null);
        bool isBack = !_isGranted;
        _isGranted = true;
        return isBack;
    }

    /// <returns>True for a right that an API server which has just started may grant in a moment.</returns>
    public bool Failed(KubeApiException error)
    {
        if (!error.IsForbidden)
        {
            _forbiddenSince = null;
            _isGranted &= error.Fault is KubeFault.None && error.Code < 500;
            return false;
        }

        _forbiddenSince ??= time.GetTimestamp();
        bool mayPass = !_isGranted && time.GetElapsedTime(_forbiddenSince.Value) < RightsAllowance;
        if (!mayPass)
            (_missingRight, _missingVerb) = (error.MissingRight, error.Verb);
        return mayPass;
    }
}
