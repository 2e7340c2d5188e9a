using System.Collections.Immutable;
using System.Globalization;

namespace DynamicToolset.HealthCheck;

/// <summary>What came of one <see cref="ProbeRequest"/>; verdicts are made of it. What a backend sent is for them alone.</summary>
public abstract record ProbeAnswer
{
    private ProbeAnswer()
    {
    }

    /// <param name="Body">Its first bytes, as many as were asked for.</param>
    public sealed record Response(int Status, string? ContentType, string? Location, ReadOnlyMemory<byte> Body) : ProbeAnswer
    {
        /// <summary>Of the headers that were asked for, those that were sent once.</summary>
        public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

        public TokenUse Token { get; init; }

        /// <summary>What it had answered before it was shown the token; null where it was not.</summary>
        public Response? Refusal { get; init; }

        /// <summary>Null where it was not asked for, not sent, or sent more than once.</summary>
        public string? HeaderOf(string name)
        {
            foreach ((string key, string value) in Headers)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return value;
            }

            return null;
        }

        /// <summary>The status code only: nothing else of a backend is ever logged or shown.</summary>
        public override string ToString() => Status.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>It took a connection, and was asked nothing.</summary>
    public sealed record Connected : ProbeAnswer;

    public sealed record None(ProbeFailure Why) : ProbeAnswer;

    /// <summary>As whoever has no token gets it, HolmesGPT among them.</summary>
    public ProbeAnswer WithoutToken() => this is Response { Refusal: { } refusal } ? refusal : this;
}
