using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.HolmesReload;

/// <summary>
/// Tells HolmesGPT to read its file again after a write that changed it: at once, which serves a pod that reads the ConfigMap by API, and twice
/// more, since the kubelet brings a change into mounted files up to two minutes late,
/// https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically. A newer change begins anew.
/// Each address is told for itself: one that hangs or fails keeps no other from being told, and is tried once more each minute.
/// Nobody waits for this loop: an address that hangs or fails delays neither a repair nor the stop.
/// </summary>
/// <param name="count">Is told the word of each result.</param>
/// <param name="maySend">Asked before each call: by now another replica may be responsible for it.</param>
public sealed partial class ReloadLoop(
    ReloadClient client, TimeProvider time, ILogger<ReloadLoop> logger, Action<string>? count = null, Func<bool>? maySend = null)
{
    /// <summary>The loop is woken by changes; this only bounds the timer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] AfterChange = [TimeSpan.Zero, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120)];

    /// <summary>Of those that failed, behind the others.</summary>
    private static readonly TimeSpan BetweenRetries = TimeSpan.FromSeconds(60);

    /// <summary>A pod that has not answered by then reads the file when it starts anew.</summary>
    private const int MostTurns = 11;

    private readonly CoalescingTrigger _changes = new(time);
    private volatile ReloadStatus _status = new(client.ShownUrl, [], More: 0);
    private ConfigMapWrite? _lastWrite;
    private bool _isFirst = true;

    public Heartbeat Heartbeat { get; } = new("holmes-reload", time);

    public ReloadStatus Status => _status;

    /// <summary>Call it after every round, one caller at a time. Returns at once.</summary>
    public void Report(ControllerState state)
    {
        if (!state.Leadership.Leads)
        {
            // For the next leader this is as if it had just started.
            _isFirst = true;
            return;
        }

        if (_isFirst && WasChangedJustNow(state.Observed))
            _changes.Signal();
        _isFirst = false;
        if (state.LastWrite is not { } write || ReferenceEquals(write, _lastWrite))
            return;
        _lastWrite = write;
        if (write.Set.Contains(ToolsetKey.Holmes) || write.Removed.Contains(ToolsetKey.Holmes))
            _changes.Signal();
    }

    /// <summary>True after a recent change by an earlier leader: this replica then makes the calls that were left.</summary>
    private bool WasChangedJustNow(ConfigMapRecord? present) =>
        present?.Annotations.GetValueOrDefault(DesiredConfigMap.LastChangeAnnotation) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset changed)
        && (time.GetUtcNow() - changed).Duration() < AfterChange[^1];

    /// <summary>Runs until stopped, and then gives up the requests that are under way. Whatever becomes of a request is outlived.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        int turn = MostTurns;
        long changed = 0;
        try
        {
            while (true)
            {
                TimeSpan wait = IsDue(turn) ? TimeOf(turn) - time.GetElapsedTime(changed) : LongestWait;
                Heartbeat.Beat(wait);
                if (await _changes.WaitAsync(wait, stop))
                {
                    changed = time.GetTimestamp();
                    turn = 0;
                }
                else if (maySend?.Invoke() == false)
                {
                    turn = MostTurns;
                }
                else if (IsDue(turn))
                {
                    // A name that does not resolve takes its time too.
                    Heartbeat.Beat(ReloadClient.LongestRequest * 2);
                    await TellAsync(failedOnly: turn >= AfterChange.Length, stop);
                    turn++;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
    }

    private bool IsDue(int turn) => turn < AfterChange.Length || (turn < MostTurns && _status.Addresses.Any(a => !a.Result.IsOk));

    private static TimeSpan TimeOf(int turn) =>
        turn < AfterChange.Length ? AfterChange[turn] : AfterChange[^1] + (BetweenRetries * (turn - AfterChange.Length + 1));

    /// <param name="failedOnly">False for all that there are by now.</param>
    private async Task TellAsync(bool failedOnly, CancellationToken stop)
    {
        var before = _status.Addresses.ToDictionary(r => r.Address?.ToString() ?? "", r => r.Result);
        ImmutableArray<IPAddress> all = await client.ResolveAsync(stop);
        IEnumerable<Task<ReloadRecord>> told = all.Take(ReloadClient.MostAddresses)
            .Select(a => failedOnly && TakenBy(a) is { } taken ? Task.FromResult(taken) : PostAsync(a, stop));
        ReloadRecord[] records = all.IsEmpty ? [Unresolved()] : await Task.WhenAll(told);
        _status = new ReloadStatus(client.ShownUrl, records, Math.Max(0, all.Length - ReloadClient.MostAddresses));
        // Once for each turn to the better or worse: what fails is tried many times after each change.
        foreach (ReloadRecord record in records.Where(r => r.Result != before.GetValueOrDefault(r.Address?.ToString() ?? "")))
            Log(record);
    }

    private ReloadRecord? TakenBy(IPAddress address) => _status.Addresses.FirstOrDefault(r => r.Result.IsOk && address.Equals(r.Address));

    private async Task<ReloadRecord> PostAsync(IPAddress address, CancellationToken stop)
    {
        ReloadResult result = await client.PostAsync(address, stop);
        count?.Invoke(result.Word);
        return new ReloadRecord(address, time.GetUtcNow(), result);
    }

    private ReloadRecord Unresolved()
    {
        var result = new ReloadResult("dns", "the name does not resolve: HOLMES_RELOAD_URL must name HolmesGPT's Service; a headless one has addresses only while its pods are ready");
        count?.Invoke(result.Word);
        return new ReloadRecord(null, time.GetUtcNow(), result);
    }

    private void Log(ReloadRecord record)
    {
        string address = record.Address?.ToString() ?? "";
        if (record.Result.Problem is { } problem)
            LogFailed(client.ShownUrl, address, problem);
        else
            LogReloaded(client.ShownUrl, address);
    }
}
