using System.Collections.Frozen;
using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// How the config of a toolset key becomes that of one of HolmesGPT's own toolsets. Its own keys may be written too, under the name of
/// either generation.
/// </summary>
/// <param name="Toolset">HolmesGPT's name.</param>
/// <param name="Words">Keys that have another name here, with the name of the releases of 2025.</param>
internal sealed record KeyMap(string Toolset, FrozenDictionary<string, string> Words)
{
    private static readonly FrozenSet<string> Switches = FrozenSet.Create(
        StringComparer.Ordinal, "prometheus_ssl_enabled", "verify_ssl", "tool_calls_return_data", "enable_rendering", "azure_use_managed_id");

    private static readonly FrozenSet<string> Maps = FrozenSet.Create(StringComparer.Ordinal, "headers", "additional_headers", "additional_labels", "labels");

    private ConfigForm Form => ConfigForms.Of(Toolset)!;

    public static KeyMap Of(string toolset, params (string Ours, string Theirs)[] words) =>
        new(toolset, words.ToFrozenDictionary(w => w.Ours, w => w.Theirs, StringComparer.Ordinal));

    /// <summary>The target's name of a key; null where the target has no such key.</summary>
    public string? NameOf(string key, HolmesTarget target)
    {
        string word = Words.GetValueOrDefault(key, key);
        string older = Form.Renamed.GetValueOrDefault(word, word);
        if (older == "instances")
            return null;
        if (target == HolmesTarget.Current && Form.Renamed.FirstOrDefault(r => r.Value == older).Key is { } newer)
            return newer;
        bool isKnown = Form.Lasting.Contains(older) || (target == HolmesTarget.Current && Form.Newer.Contains(older));
        return isKnown ? older : null;
    }

    /// <summary>The config without the URL, in ordinal order. What cannot be carried over is told to the backend's list.</summary>
    public ImmutableSortedDictionary<string, ToolsetValue> Read(Backend backend, HolmesTarget target)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<string, ToolsetValue>(StringComparer.Ordinal);
        var saidAsTheirs = new HashSet<string>(StringComparer.Ordinal);
        // HolmesGPT's own names come last and win: who writes them means them.
        foreach ((string key, ToolsetValue value) in backend.Config.Entries.OrderBy(e => !Words.ContainsKey(e.Key)))
        {
            if (Backend.UrlKeys(backend.Kind).Contains(key) || ReadEntry(key, value, backend, target) is not { } entry)
                continue;
            if (Words.ContainsKey(key) || saidAsTheirs.Add(entry.Key))
                read[entry.Key] = entry.Value;
            else
                backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, key), "is there under an older or newer name too: write one of them");
        }

        return read.ToImmutable();
    }

    private KeyValuePair<string, ToolsetValue>? ReadEntry(string key, ToolsetValue value, Backend backend, HolmesTarget target)
    {
        string path = KeyPath.Join(KeyPath.Config, key);
        if (!ConfigValues.IsPlainKey(key))
            backend.LeftOut.Add(path, ConfigValues.BadKey(key));
        else if (NameOf(key, target) is not { } name)
            backend.LeftOut.Add(path, Unknown(key, target));
        else if (ConfigValues.Read(value, key, path, KindOf(key, name), backend.LeftOut) is { } read)
            return KeyValuePair.Create(name, read);
        return null;
    }

    private string Unknown(string key, HolmesTarget target) => target == HolmesTarget.Compat && NameOf(key, HolmesTarget.Current) is not null
        ? $"is known to {Toolset} of newer releases only: set HOLMES_TARGET=current"
        : $"has no counterpart in {Toolset}";

    private static ConfigValueKind KindOf(string key, string name) => name switch
    {
        _ when key == "timeout" => ConfigValueKind.Duration,
        _ when Switches.Contains(name) => ConfigValueKind.Switch,
        _ when Maps.Contains(name) => ConfigValueKind.Texts,
        "external_url" => ConfigValueKind.Link,
        "max_retries" or "discover_metrics_from_last_hours" => ConfigValueKind.WholeNumber,
        _ when name.Contains("timeout_seconds", StringComparison.Ordinal) => ConfigValueKind.Seconds,
        _ when name.Contains("_seconds", StringComparison.Ordinal) || name.EndsWith("_hrs", StringComparison.Ordinal)
            || name.EndsWith("_pct", StringComparison.Ordinal) => ConfigValueKind.WholeNumber,
        _ => ConfigValueKind.Text,
    };
}
