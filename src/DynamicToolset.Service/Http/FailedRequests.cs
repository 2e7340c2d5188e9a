using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Http;

/// <summary>Tells of a request that failed by a defect, under the id that its caller was given.</summary>
internal sealed partial class FailedRequests(ILogger<FailedRequests> logger)
{
    public async Task PassAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (e is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailed(CorrelationId.Of(http), e.ToString());
            throw;
        }
    }
}
