using DynamicToolset.Discovery;

namespace DynamicToolset.Score;

/// <summary>What was wanted of a Service beside what the detector made of it.</summary>
/// <param name="Found">Null where it becomes no toolset, as a twin does not.</param>
internal sealed record Verdict(LabeledService Labeled, Detection.Matched? Found)
{
    public bool IsReportedAs(string type) => Found?.Type == type;

    public bool IsPrimaryOf(string type) => Labeled.Wanted is { IsPrimary: true } wanted && wanted.Type == type;

    public bool IsRight(string type) =>
        IsPrimaryOf(type) && IsReportedAs(type) && (Found!.Endpoint.Scheme, Found.Endpoint.Port) == (Labeled.Wanted!.Scheme, Labeled.Wanted.Port);

    public bool IsVisible => Labeled.Wanted is { IsSchemeVisible: true };

    public bool IsAcceptableAs(string type) =>
        Labeled.Wanted is { } wanted && (wanted.Type == type || wanted.AlsoAcceptable.Contains(type));

    public bool IsTwinOf(string type) => Labeled.Wanted is { IsPrimary: false } wanted && wanted.Type == type;
}
