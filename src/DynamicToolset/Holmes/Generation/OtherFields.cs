using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>What an override has outside of a backend's config. HolmesGPT does not support it, and the admin is told.</summary>
internal static class OtherFields
{
    public static void LeaveOut(Toolset toolset, LeftOut leftOut)
    {
        foreach ((string key, ToolsetValue value) in toolset.Body.Entries)
        {
            if (key == "config" && toolset.Name == ToolsetName.Kubernetes)
                LeaveOutKubernetes((ToolsetValue.Map)value, leftOut);
            else if (key is not ("enabled" or "config") && !(toolset.Name != ToolsetName.Kubernetes && OwnWords.IsOne(key)))
                leftOut.Add(KeyPath.Of(key), "has no counterpart in HolmesGPT");
        }

        if (toolset is { Name: ToolsetName.Kubernetes, IsEnabled: false })
            leftOut.Add("enabled", "does not switch off HolmesGPT's own Kubernetes toolsets: remove them from HOLMES_BASE_TOOLSETS");
    }

    /// <summary>HolmesGPT works in its own cluster with its own permissions: these are generated, so leaving them out is not reported.</summary>
    private static void LeaveOutKubernetes(ToolsetValue.Map config, LeftOut leftOut)
    {
        foreach ((string key, ToolsetValue value) in config.Entries)
        {
            if (!value.Equals(ToolsetGenerator.KubernetesConfig[key]))
                leftOut.Add(KeyPath.InConfig(key), "has no counterpart in HolmesGPT's own Kubernetes toolsets, which have no config");
        }
    }
}
