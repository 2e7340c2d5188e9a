using DynamicToolset.Discovery;

namespace DynamicToolset.Testing;

/// <summary>What people are told of a Service, whoever wrote what is in it.</summary>
public static class ToldText
{
    public static void AssertOneLineEach(ServiceExplanation explanation) => Assert.All(In(explanation), AssertOneLine);

    public static void AssertOneLine(string text) => Assert.DoesNotContain(text, c => c is < ' ' or > '~' and not '…');

    private static IEnumerable<string> In(ServiceExplanation explanation) => explanation.Verdicts
        .SelectMany(v => new[] { v.Held, v.Failed, v.Remedy })
        .Append(explanation.SchemeReason)
        .Append(explanation.Lost?.Reason)
        .Append((explanation.Detection as Detection.Rejected)?.Problem)
        .Concat(explanation.Service.Ports.Select(p => p.Describe()))
        .OfType<string>();
}
