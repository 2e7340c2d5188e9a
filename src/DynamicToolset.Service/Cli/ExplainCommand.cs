using System.Collections.Immutable;
using DynamicToolset.Discovery;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Hosting;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>Says why a Service was detected or not.</summary>
internal static class ExplainCommand
{
    /// <returns>0 with the explanation on standard output; 2 where an input cannot be used.</returns>
    public static async Task<int> ExecuteAsync(ExplainRequest request, CancellationToken stop)
    {
        try
        {
            Console.Out.Write(await ExplainAsync(request, stop));
            return ExitCode.Success;
        }
        catch (Exception e) when (e is InputException or KubeApiException or ClusterException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Usage;
        }
    }

    private static async Task<string> ExplainAsync(ExplainRequest request, CancellationToken stop)
    {
        Settings settings = request.Settings;
        RuleSetReading rules = RuleDirectory.Read(settings.DetectorsDir);
        if (rules.RuleSet is null)
            throw new InputException(string.Join('\n', rules.Problems));
        using KubeApiClient? api = request.Files.IsEmpty ? ClusterAccess.Connect(settings, TimeProvider.System) : null;
        var key = new ObjectKey(settings.ConfigMapNamespace, settings.ConfigMapName);
        GenerateInput input = api is null
            ? await GenerateInput.FromFilesAsync(request.Files, "", stop)
            : await GenerateInput.FromClusterAsync(api, key, settings.Namespaces, "", stop);

        ToolsetPipeline pipeline = Controller.ToPipeline(settings, rules.RuleSet);
        ImmutableArray<ServiceExplanation> explanations = pipeline.Explain(input.Services, PresentToolsets.Read(input.Present));
        if (request.Service is { } wanted)
        {
            explanations = [.. explanations.Where(e => e.Detection.Service.Key == wanted)];
            if (explanations.IsEmpty)
                throw new InputException($"There is no Service {wanted}. Its namespace stands before the slash; --all explains every Service");
        }

        return request.Output == OutputFormat.Json ? ExplanationJson.Of(explanations) : ExplanationText.Of(explanations, settings.Namespaces);
    }
}
