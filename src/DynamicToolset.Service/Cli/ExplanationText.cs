using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Rules;
using DynamicToolset.Service.Explaining;

namespace DynamicToolset.Service.Cli;

/// <summary>The explanation of one Service for a person: a line for each thing worth knowing.</summary>
internal sealed class ExplanationText
{
    private const int NameWidth = 14;

    private readonly StringBuilder _text = new();
    private readonly ServiceExplanation _explanation;

    private ExplanationText(ServiceExplanation explanation) => _explanation = explanation;

    private ServiceRecord Service => _explanation.Service;

    public static string Of(ServiceExplanation explanation, ExplainedHealth health)
    {
        var text = new ExplanationText(explanation);
        text.Write(health);
        return text._text.ToString();
    }

    private void Write(ExplainedHealth health)
    {
        switch (_explanation)
        {
            case { IsConsidered: false }:
                WriteTitle("not considered");
                WriteLine("why", ExplanationWords.NotConsidered);
                WriteLine("to fix it", $"add {Service.Key.Namespace} to NAMESPACES");
                break;
            case { Detection: Detection.Matched found }:
                WriteFound(found, health);
                break;
            case { Detection: Detection.Twin twin }:
                WriteTitle($"another name of {twin.Of}");
                WriteLine("type", twin.Match.Type);
                WriteLine("why", "both lead to the same pods");
                WriteAdvice("to choose it");
                break;
            case { Detection: Detection.Contradicted contradicted }:
                WriteTitle($"answers as {contradicted.Identity}");
                WriteLine("why", $"rule {contradicted.Match.Rule} finds it, but its backend says that it is {contradicted.Identity}, for which there is no rule");
                WriteLine("asked at", contradicted.Match.Endpoint.ToString());
                WriteAdvice("to have it");
                break;
            case { Detection: Detection.OptedOut }:
                WriteTitle("left alone");
                WriteLine("why", $"its annotation {ToolsetAnnotations.Toolset} is \"false\"");
                WriteLine("to change it", Annotate($"{ToolsetAnnotations.Toolset}-"));
                break;
            case { Detection: Detection.Rejected rejected }:
                WriteTitle("skipped");
                WriteLine("problem", rejected.Problem);
                WriteAdvice("to fix it");
                break;
            default:
                WriteMissing();
                break;
        }

        foreach (string ignored in ExplanationWords.Ignored(_explanation))
            WriteLine("ignored", ignored);
    }

    private void WriteFound(Detection.Matched found, ExplainedHealth health)
    {
        WriteTitle(found.Type);
        WriteLine("toolset", _explanation switch
        {
            { StandsInFor: { } real, Toolset: { } name } => $"{name}, while {real} does not answer: it is only compatible with {found.Type}, and stands in for it",
            { StandsInFor: { } real } => $"none while {real} answers: it is only compatible with {found.Type}, and stands in for it only when that fails",
            { Lost: { } lost } => $"{_explanation.Toolset}; {Describe(lost)}",
            _ => _explanation.Toolset ?? "none",
        });
        if (_explanation.StandsInFor is not null)
            WriteAdvice("to have both");
        if (_explanation.Lost is { Swap: { } swap })
            WriteLine("to swap them", _explanation.IsUnseenByHolmes ? $"{swap}; now HolmesGPT uses only the other one" : swap);
        if (!_explanation.Overrides.IsEmpty)
            WriteLine("overrides", OverrideOrigins.Describe(_explanation.Overrides));
        WriteLine("URL", found.Endpoint.ToString());
        WriteLine("port", found.Port.Describe());
        WriteLine("scheme", $"{found.Endpoint.Scheme}: {_explanation.SchemeReason}");
        if (found.Endpoint.Path != found.Ways.First.Endpoint.Path)
            WriteLine("prefix", $"{(found.Endpoint.Path.Length == 0 ? "none" : found.Endpoint.Path)}: as probed, from the list of its rule");
        ProbeOutcome? outcome = health.Of(found);
        string wanted = found.Endpoint.IsTcp ? "it must accept a connection" : $"GET {found.Health.Path} must answer {ExplanationWords.Of(found.Health.Accepts)}";
        WriteLine("health", $"{Result(outcome)}: {wanted}");
        if (health.TriedAt(found) is { } tried)
            WriteLine("tried too", tried);
        if (health.IdentityOf(found) is { } identity)
            WriteLine("answers as", identity + Consequence(found, identity));
        if (health.SaysOf(found) is { } line)
            WriteLine("has", line);
        if (health.VerdictOf(found) is { } verdict)
            WriteQuestion(found, verdict, isToldByHealth: outcome is ProbeOutcome.WantsCredentials, health.ShortfallOf(found));
        if (_explanation.Certificate is { } certificate)
            WriteLine("certificate", certificate);
        if (!_explanation.WithheldCredentials.IsEmpty)
            WriteLine("left out", $"{string.Join(", ", _explanation.WithheldCredentials)}: a reference to a secret, and {Service.Key.Namespace} is not one of CREDENTIALS_NAMESPACES");
        string? held = _explanation.Verdicts.FirstOrDefault(v => v.Rule == found.Rule)?.Held;
        WriteLine("found by", held is null ? ExplanationWords.FoundBy(found) : $"{ExplanationWords.FoundBy(found)}: {held}");
    }

    private void WriteQuestion(Detection.Matched found, QuestionVerdict verdict, bool isToldByHealth, Shortfall? shortfall)
    {
        // Of what turned out to be another product that has been asked.
        string asked = found is { Question: { } question, AnswersAs: null } ? $": asked GET {found.Endpoint.Path}{question.Path}" : "";
        if (!isToldByHealth || verdict != QuestionVerdict.Credentials)
            WriteLine("for HolmesGPT", $"{ExplanationWords.Of(verdict)}{asked}");
        if (verdict is QuestionVerdict.Works or QuestionVerdict.Certificate)
            return;
        (string name, string none) = verdict switch
        {
            QuestionVerdict.Credentials => ("credentials", "none needed: the toolset has credentials, is switched off or has another URL"),
            QuestionVerdict.Tenant => ("tenant", "none needed: the toolset has the header, is switched off or has another URL"),
            _ => ("to fix it", "nothing needed: the toolset is switched off or has another URL"),
        };
        WriteLine(name, shortfall?.Advice ?? none);
    }

    private static string Consequence(Detection.Matched found, BackendIdentity identity) => found switch
    {
        { AnswersAs: not null } => $", whatever its labels say: so rule {found.Rule} is used",
        { IsAskedFor: true } when identity.Name != found.Type => $"; its annotations make it {found.Type}",
        _ => "",
    };

    private void WriteMissing()
    {
        WriteTitle("not detected");
        if (_explanation.Closest is not { } closest)
        {
            WriteLine("why", "no rule comes close: neither its name nor a label or port suggests a known type");
            WriteAdvice("to have it");
            return;
        }

        WriteLine("came closest", $"rule {closest.Rule}");
        WriteLine("failed", closest.Failed!);
        if (closest.Remedy is { } remedy)
            WriteLine("to fix it", remedy);
        else if (ServiceKeeper.Of(Service) is { } keeper)
            WriteLine("kept by", $"{keeper}, which reverts changes of its labels and ports");
        WriteAdvice(closest.Remedy is null ? "if it is one" : "or");
        if (ServiceKeeper.Of(Service) is not null)
            WriteLine("or", "add its URL to overrides.yaml, or your own rule to DETECTORS_DIR");
    }

    private static string Describe(LostName lost) => lost.Holder is { } holder
        ? $"the name {lost.Name} belongs to {holder}: {lost.Reason}"
        : $"the name {lost.Name} cannot be used: {lost.Reason}";

    private static string Result(ProbeOutcome? outcome) => outcome is null ? "not checked" : ExplanationWords.Of(outcome);

    private void WriteAdvice(string name)
    {
        if (_explanation.Advice is not { Annotations.IsEmpty: false } advice)
            return;
        string pairs = string.Join(' ', advice.Annotations.Select(a => $"{a.Key}={a.Value}"));
        WriteLine(name, Annotate(advice.Replaces ? $"--overwrite {pairs}" : pairs));
        if (!advice.OtherPorts.IsEmpty)
            WriteLine("", $"or another port: {string.Join(", ", advice.OtherPorts.Select(p => p.Describe()))}");
    }

    /// <summary>Fit to be pasted into a shell: the names are DNS labels, and the values are chosen here.</summary>
    private string Annotate(string change) => $"kubectl annotate service {Service.Key.Name} -n {Service.Key.Namespace} {change}";

    private void WriteTitle(string verdict) => _text.Append(Service.Key).Append(": ").Append(verdict).Append("\n\n");

    private void WriteLine(string name, string value) => _text.Append("  ").Append(name.PadRight(NameWidth)).Append(value).Append('\n');
}
