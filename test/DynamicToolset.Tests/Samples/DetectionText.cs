using System.Diagnostics;
using DynamicToolset.Discovery;

namespace DynamicToolset.Tests.Samples;

/// <summary>A detection in one readable line, for table rows.</summary>
internal static class DetectionText
{
    public static string Of(Detection detection) => detection switch
    {
        Detection.Matched matched => $"{matched.Name} {matched.Type} {matched.Endpoint} {matched.Health.Path}",
        Detection.Twin twin => $"twin of {twin.Of}",
        Detection.NotMatched => "not matched",
        Detection.OptedOut => "opted out",
        Detection.Rejected rejected => $"rejected: {rejected.Problem}",
        _ => throw new UnreachableException(),
    };
}
