using System.Collections.Frozen;
using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// How the config of a toolset key becomes that of one of HolmesGPT's own toolsets. Its own keys may be written too, under the name of
/// either generation.
/// </summary>
internal sealed record KeyMap(HolmesForm.BuiltIn BuiltIn)
{
    private static readonly FrozenSet<string> Switches = FrozenSet.Create(
        StringComparer.Ordinal, "prometheus_ssl_enabled", "verify_ssl", "verify_certs", "tool_calls_return_data", "enable_rendering", "azure_use_managed_id");

    private static readonly FrozenSet<string> Maps = FrozenSet.Create(StringComparer.Ordinal, "additional_labels", "labels");

    /// <summary>Of which HolmesGPT takes none without the other.</summary>
    private static readonly (string One, string Other)[] Pairs = [("client_cert", "client_key"), ("username", "password")];

    private Form Form { get; } = BuiltIn.List is null ? ConfigForms.Of(BuiltIn.Toolset)! : ConfigForms.OfItem(BuiltIn.Toolset)!;

    /// <summary>The target's name of a key; null where the target has no such key.</summary>
    public string? NameOf(string key, HolmesTarget target)
    {
        string word = BuiltIn.Words.FirstOrDefault(w => w.Ours == key).Theirs ?? key;
        string older = Form.Renamed.GetValueOrDefault(word, word);
        // The name of an item in a list is the toolset's.
        if (older == "instances" || older == BuiltIn.List?.NameKey)
            return null;
        if (target == HolmesTarget.Current && Form.Renamed.FirstOrDefault(r => r.Value == older).Key is { } newer)
            return newer;
        // The releases of 2025 take no notice of this one, and verify; the newer ones do as it says.
        bool isKnown = Form.Lasting.Contains(older) || ((target == HolmesTarget.Current || older == "verify_ssl") && Form.Newer.Contains(older));
        return isKnown ? older : null;
    }

    /// <summary>The config without the URL, in ordinal order. What cannot be translated is added to the backend's list.</summary>
    public ImmutableSortedDictionary<string, ToolsetValue> Read(Backend backend, HolmesTarget target)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<string, ToolsetValue>(StringComparer.Ordinal);
        var saidAsTheirs = new HashSet<string>(StringComparer.Ordinal);
        // HolmesGPT's own names come last and win: who writes them means them.
        foreach ((string key, _) in backend.Config.Entries.OrderBy(e => !IsOurs(e.Key)))
        {
            if (backend.Kind.UrlKeys.Contains(key) || ReadEntry(key, backend, target) is not { } entry)
                continue;
            if (IsOurs(key) || saidAsTheirs.Add(entry.Key))
                read[entry.Key] = entry.Value;
            else
                backend.LeaveOut(key, "is also given under an older or newer name: keep one of them");
        }

        foreach ((string one, string other) in Pairs.Where(p => read.ContainsKey(p.One) != read.ContainsKey(p.Other)))
        {
            string alone = read.ContainsKey(one) ? one : other;
            read.Remove(alone);
            backend.LeaveOut(alone, $"is incomplete: write {one} and {other}");
        }

        return read.ToImmutable();
    }

    private KeyValuePair<string, ToolsetValue>? ReadEntry(string key, Backend backend, HolmesTarget target)
    {
        if (!ConfigValues.IsPlainKey(key))
            backend.LeaveOut(key, ConfigValues.BadKey(key));
        else if (NameOf(key, target) is not { } name)
            backend.LeaveOut(key, Unknown(key, target));
        else if (backend.Read(key, KindOf(key, name)) is { } read && IsFilledIn(read, key, backend, target))
            return KeyValuePair.Create(name, read);
        return null;
    }

    private bool IsFilledIn(ToolsetValue read, string key, Backend backend, HolmesTarget target)
    {
        if (BuiltIn.List is null || target == HolmesTarget.Current || read is not ToolsetValue.Text { Value: var text } || !EnvReference.IsIn(text))
            return true;
        backend.LeaveOut(key, $"is a reference in {BuiltIn.List.Key}, which HolmesGPT supports only since 0.25: set HOLMES_TARGET=current");
        return false;
    }

    private bool IsOurs(string key) => BuiltIn.Words.Any(w => w.Ours == key);

    private string Unknown(string key, HolmesTarget target) => target == HolmesTarget.Compat && NameOf(key, HolmesTarget.Current) is not null
        ? $"is known to {BuiltIn.Toolset} of newer releases only: set HOLMES_TARGET=current"
        : $"has no counterpart in {BuiltIn.Toolset}";

    private static ConfigValueKind KindOf(string key, string name) => name switch
    {
        _ when key == "timeout" => ConfigValueKind.Duration,
        _ when Switches.Contains(name) => ConfigValueKind.Switch,
        _ when Maps.Contains(name) => ConfigValueKind.Texts,
        _ when HttpHeader.AreUnder(name) => ConfigValueKind.Headers,
        "external_url" => ConfigValueKind.Link,
        "max_retries" => ConfigValueKind.Count,
        "discover_metrics_from_last_hours" => ConfigValueKind.WholeNumber,
        _ when name.Contains("timeout_seconds", StringComparison.Ordinal) => ConfigValueKind.Seconds,
        _ when name.Contains("_seconds", StringComparison.Ordinal) || name.EndsWith("_hrs", StringComparison.Ordinal)
            || name.EndsWith("_pct", StringComparison.Ordinal) => ConfigValueKind.WholeNumber,
        _ => ConfigValueKind.Text,
    };
}
