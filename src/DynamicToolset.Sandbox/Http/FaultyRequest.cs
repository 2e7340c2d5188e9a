using System.Globalization;
using DynamicToolset.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace DynamicToolset.Sandbox.Http;

/// <summary>Lets a planned fault befall a request.</summary>
internal static class FaultyRequest
{
    /// <summary>True when the fault has dealt with the request; else it is to be answered, into a body that the fault may spoil.</summary>
    public static async Task<bool> BefallAsync(HttpContext context, Fault? fault, TimeProvider time)
    {
        switch (fault)
        {
            case null:
                return false;
            case Fault.Refuse:
                context.Abort();
                return true;
            case Fault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted);
                return true;
            case Fault.Delay delay:
                await Task.Delay(delay.By, time, context.RequestAborted);
                return false;
            case Fault.Answer answer:
                await AnswerAsync(context, answer);
                return true;
            default:
                context.Response.Body = new FaultyBody(context, context.Response.Body, fault);
                return false;
        }
    }

    private static Task AnswerAsync(HttpContext context, Fault.Answer answer)
    {
        if (answer.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

        return Responses.WriteStatusAsync(context, answer.ToStatus());
    }
}
