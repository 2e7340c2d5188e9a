using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DynamicToolset.Service.Http;

/// <summary>Gives a body to an answer that is only a status, such as that of a path which there is not.</summary>
internal static class StatusAnswer
{
    public static async Task WriteAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        // Routing knows which methods there are, and takes OPTIONS for one that there is not (RFC 9110, section 9.3.7).
        if (HttpMethods.IsOptions(http.Request.Method) && http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails = { Status = http.Response.StatusCode },
        });
    }
}
