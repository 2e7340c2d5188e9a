namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>How often each fault has struck: one that never does proves nothing.</summary>
internal sealed class FaultCount
{
    private readonly SortedDictionary<string, int> _struck = new(StringComparer.Ordinal);

    /// <summary>What has to happen in as many cases as the gate tries.</summary>
    public static readonly string[] Expected =
    [
        "Hang get leases", "Hang update leases", "Hang patch configmaps", "Refuse update leases", "Refuse patch configmaps", "Refuse list services", "Answer update leases", "Answer patch configmaps",
        "Answer list services", "Conflict", "Hangs", "Late", "Refused", "ReplyLost", "SentTwice", "ServerError", "SlowReply", "Throttled", "Unavailable",
        "a Service is installed", "a Service is changed", "a Service is removed", "a backend Fails", "a backend Hangs", "a backend Refuses", "a backend Right", "a backend WantsCredentials",
        "a replica crashes", "a replica has its clock set", "a replica has requests that fail", "a replica is cut off: Refused", "a replica is cut off: Silent", "a replica is frozen",
        "a replica is told to stop", "a replica is ambushed", "a replica is ambushed on a long way", "a replica cannot read Services", "a replica starts and cannot read Services", "a replica no check arrives", "a replica watches are cut", "a replica watches have a gap", "a replica watches lag",
        "cut watch of configmaps", "cut watch of leases", "cut watch of services", "late event of configmaps", "late event of leases", "late event of services",
        "the admin writes overrides", "the admin deletes the ConfigMap", "the admin deletes the ConfigMap to replace it", "the admin creates the ConfigMap anew", "the admin spoils a key", "the admin removes a key",
        "the admin adds a key that looks like ours", "the admin deletes the Lease", "the admin empties the Lease",
    ];

    public IReadOnlyDictionary<string, int> All => _struck;

    public void Struck(string fault, int times = 1) => _struck[fault] = _struck.GetValueOrDefault(fault) + times;

    public void Add(FaultCount other)
    {
        foreach ((string fault, int times) in other.All)
            Struck(fault, times);
    }

    public override string ToString() => string.Join('\n', _struck.Select(s => $"{s.Value,8}  {s.Key}"));
}
