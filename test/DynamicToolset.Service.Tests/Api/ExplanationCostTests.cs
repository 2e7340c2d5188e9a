using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Pipeline;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Api;
using DynamicToolset.Service.Tests.Samples;

namespace DynamicToolset.Service.Tests.Api;

/// <summary>Who asks about one Service of thousands does not have all of them explained.</summary>
public sealed class ExplanationCostTests
{
    private const int Services = 500;

    private static readonly ToolsetPipeline Pipeline = new(BuiltInRules.All, [], [], "");

    [Fact]
    public void To_explain_one_Service_takes_a_small_part_of_explaining_all()
    {
        ControllerState state = StateOf([.. Enumerable.Range(0, Services).Select(i => Shop($"shop-{i}"))]);
        var key = new ObjectKey("team", "shop-7");
        Assert.NotNull(new ApiView(state, _ => Pipeline).Explanation(key));
        Assert.Null(new ApiView(state, _ => Pipeline).Explanation(new ObjectKey("team", "another")));
        long one = Allocated(new ApiView(state, _ => Pipeline), view => view.Explanation(key));
        long all = Allocated(new ApiView(state, _ => Pipeline), view => view.Explanations());
        Assert.InRange(one, 0, all / 20);
    }

    private static long Allocated(ApiView view, Action<ApiView> ask)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ask(view);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static ControllerState StateOf(ImmutableArray<ServiceRecord> services)
    {
        var snapshot = new ServiceSnapshot([services.ToImmutableDictionary(s => s.Key)]);
        return States.Empty with { Detected = DetectedServices.None.Next(Pipeline.Detector, Pipeline.IsConsidered, snapshot, 1) };
    }

    private static ServiceRecord Shop(string name)
    {
        var labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = name };
        var none = new Dictionary<string, string>();
        return new ServiceRecord(new ObjectKey("team", name), "u", "1", ServiceKind.ClusterIP, labels, none, [new ServicePort("http", 8080, "TCP", null, null)], none);
    }
}
