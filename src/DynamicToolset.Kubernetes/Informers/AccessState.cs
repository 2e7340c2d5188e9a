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

    public string? MissingRight => _missingRight;

    /// <returns>True where it was out of reach before.</returns>
    public bool Granted()
    {
        _forbiddenSince = null;
        _missingRight = null;
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
        _missingRight = mayPass ? _missingRight : error.MissingRight;
        return mayPass;
    }
}
