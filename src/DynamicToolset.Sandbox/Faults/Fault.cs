using System.Net;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Faults;

/// <summary>What goes wrong with one request.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>The connection is broken off before the request is looked at.</summary>
    public sealed record Refuse : Fault;

    /// <summary>No answer until the client goes away.</summary>
    public sealed record Hang : Fault;

    /// <summary>The answer comes late, by the clock of the simulation.</summary>
    public sealed record Delay(TimeSpan By) : Fault;

    /// <summary>The request is refused with a Status and never carried out.</summary>
    /// <param name="RetryAfter">Whole seconds, sent as the header of that name; null for none.</param>
    public sealed record Answer(HttpStatusCode Code, TimeSpan? RetryAfter = null) : Fault
    {
        internal KubeStatusException ToStatus() => new((int)Code, ReasonOf(Code), $"a planned fault: {Code}");

        /// <summary>The reason that the API server gives with a code.</summary>
        private static string ReasonOf(HttpStatusCode code) => code switch
        {
            HttpStatusCode.Conflict => "Conflict",
            HttpStatusCode.Gone => "Expired",
            HttpStatusCode.UnprocessableEntity => "Invalid",
            HttpStatusCode.InternalServerError => "InternalError",
            HttpStatusCode.GatewayTimeout => "Timeout",
            _ => code.ToString(),
        };
    }

    /// <summary>The request is carried out, and the connection is broken off instead of the answer.</summary>
    public sealed record LoseReply : Fault;

    /// <summary>The connection is broken off in the middle of the first thing that is sent: an object, a list, or an event of a watch.
    /// The reset may overtake what was sent before it.</summary>
    public sealed record ResetMidBody : Fault;

    /// <summary>A watch ends in order, but in the middle of its first event.</summary>
    public sealed record TruncateEvent : Fault;

    /// <summary>The answer arrives byte by byte.</summary>
    public sealed record SingleBytes : Fault;

    /// <summary>A watch sends each event twice.</summary>
    public sealed record DuplicateEvents : Fault;
}
