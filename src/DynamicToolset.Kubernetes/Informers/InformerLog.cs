using DynamicToolset.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>
/// Writes the reports of all informers of one resource as log lines. A failure that goes on, in however many of them, is told when it begins, once
/// a minute, and when the last of them is over it.
/// </summary>
public sealed partial class InformerLog
{
    private static readonly TimeSpan RepetitionInterval = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger;
    private readonly string _resource;
    private readonly TimeProvider _time;
    private readonly Action<string, double> _logFailed;
    private readonly Lock _gate = new();
    private readonly Dictionary<(KubeFault, int Code), long> _toldAt = [];
    private int _failing;

    private InformerLog(ILogger logger, string resource, TimeProvider time)
    {
        _logger = logger;
        _resource = resource;
        _time = time;
        _logFailed = resource switch
        {
            "services" => LogServicesFailed,
            "leases" => LogLeaseFailed,
            _ => LogConfigMapFailed,
        };
    }

    public static InformerLog OfServices(ILogger logger, TimeProvider time) => new(logger, "services", time);

    public static InformerLog OfConfigMap(ILogger logger, TimeProvider time) => new(logger, "configmaps", time);

    public static InformerLog OfLease(ILogger logger, TimeProvider time) => new(logger, "leases", time);

    /// <summary>To be told everything by one informer.</summary>
    public Action<InformerReport> Reporter()
    {
        Failing failing = Failing.Nothing;
        return report =>
        {
            lock (_gate)
            {
                Report(report);
                Failing now = After(failing, report);
                _failing += (now != Failing.Nothing).CompareTo(failing != Failing.Nothing);
                if (now != failing && _failing == 0)
                    TellEnd();
                failing = now;
            }
        };
    }

    /// <summary>A watch that was accepted may break, which says nothing; one that is refused is not mended by a list.</summary>
    private static Failing After(Failing before, InformerReport report) => report switch
    {
        InformerReport.ListFailed { MayPass: false } => Failing.Lists,
        InformerReport.WatchRefused { MayPass: false } => Failing.Watches,
        InformerReport.Listed when before is not Failing.Watches => Failing.Nothing,
        InformerReport.WatchOpened => Failing.Nothing,
        _ => before,
    };

    private void Report(InformerReport report)
    {
        switch (report)
        {
            case InformerReport.Listed listed:
                LogListed(_resource, listed.Count);
                break;
            case InformerReport.ListFailed failed:
                TellFailed(failed.Error, failed.RetryIn, failed.MayPass);
                break;
            case InformerReport.WatchRefused refused:
                TellFailed(refused.Error, refused.RetryIn, refused.MayPass);
                break;
            case InformerReport.WatchBroken broken:
                LogBroken(_resource, broken.Error.Message, broken.RetryIn.TotalSeconds);
                break;
            case InformerReport.WatchFruitless fruitless:
                TellFruitless(fruitless.Error);
                break;
            case InformerReport.VersionExpired:
                LogExpired(_resource);
                break;
            case InformerReport.WatchEnded ended:
                LogEnded(_resource, ended.RetryIn.TotalSeconds);
                break;
        }
    }

    private void TellFailed(KubeApiException error, TimeSpan retryIn, bool mayPass)
    {
        if (mayPass)
        {
            LogNotAllowedYet(_resource, error.Message, retryIn.TotalSeconds);
            return;
        }

        if (IsDue((error.Fault, error.Code)))
            _logFailed(error.Message, retryIn.TotalSeconds);
    }

    private void TellFruitless(KubeApiException? error)
    {
        if (IsDue((error?.Fault ?? KubeFault.None, error?.Code ?? 0)))
            LogFruitless(_resource, error?.Message ?? "the API server ends each watch at once");
    }

    private bool IsDue((KubeFault, int) kind)
    {
        if (_toldAt.TryGetValue(kind, out long told) && _time.GetElapsedTime(told) < RepetitionInterval)
            return false;
        _toldAt[kind] = _time.GetTimestamp();
        return true;
    }

    private void TellEnd()
    {
        _toldAt.Clear();
        LogListsAgain(_resource);
    }

    private enum Failing
    {
        Nothing,
        Lists,
        Watches,
    }
}
