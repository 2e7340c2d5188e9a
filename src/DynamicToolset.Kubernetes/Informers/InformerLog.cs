using DynamicToolset.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Kubernetes.Informers;

/// <summary>Writes the reports of all informers of one resource as log lines.</summary>
public sealed partial class InformerLog
{
    private readonly ILogger _logger;
    private readonly string _resource;
    private readonly Action<string, double> _logFailed;

    private InformerLog(ILogger logger, string resource)
    {
        _logger = logger;
        _resource = resource;
        _logFailed = resource == "services" ? LogServicesFailed : LogConfigMapFailed;
    }

    public static InformerLog OfServices(ILogger logger) => new(logger, "services");

    public static InformerLog OfConfigMap(ILogger logger) => new(logger, "configmaps");

    public void Report(InformerReport report)
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
            LogNotAllowedYet(_resource, error.Message, retryIn.TotalSeconds);
        else
            _logFailed(error.Message, retryIn.TotalSeconds);
    }
}
