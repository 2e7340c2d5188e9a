using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>In which form each endpoint is known to answer, where that is another one than its Service shows.</summary>
internal static class KnownForms
{
    /// <summary>
    /// What the checks say of those that they know, and of the others what was known before. What others have put in place is believed until the checks have
    /// been told of it.
    /// </summary>
    public static ImmutableDictionary<EndpointKey, EndpointForm> In(RoundInputs inputs, RoundMemory memory, PresentToolsets? byOthers)
    {
        HealthTable checks = inputs.Health.Checks;
        ImmutableDictionary<EndpointKey, EndpointForm> forms = memory.Forms
            .RemoveRange(memory.Forms.Keys.Where(e => checks.Find(e) is not null && !checks.Forms.ContainsKey(e)))
            .SetItems(checks.Forms);
        return byOthers is null ? forms : forms.SetItems(byOthers.Forms.Where(f => IsNews(checks.Find(f.Key), f.Value)));

        bool IsNews(HealthState? known, EndpointForm form) => known is null ? memory.StartedAt is null : known.Told != form;
    }

    /// <summary>Without those of endpoints that are gone, or known by what their Service shows.</summary>
    public static ImmutableDictionary<EndpointKey, EndpointForm> OfThoseThere(
        ImmutableDictionary<EndpointKey, EndpointForm> forms, DetectedServices detected)
    {
        if (forms.IsEmpty)
            return forms;
        HashSet<EndpointKey> asProbed = [.. detected.All.Select(MatchIn).OfType<Detection.Matched>().Where(m => m.IsAsProbed).Select(m => m.EndpointKey)];
        return forms.RemoveRange(forms.Keys.Where(endpoint => !asProbed.Contains(endpoint)));
    }

    /// <summary>What was found, whatever became of it; null where nothing was.</summary>
    private static Detection.Matched? MatchIn(Detection detection) => detection switch
    {
        Detection.Matched match => match,
        Detection.Contradicted contradicted => contradicted.Match,
        Detection.Twin twin => twin.Match,
        _ => null,
    };
}
