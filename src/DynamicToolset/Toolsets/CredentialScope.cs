using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Messages;
using DynamicToolset.Values;

namespace DynamicToolset.Toolsets;

/// <summary>
/// Which Services get references to secrets (<c>${NAME}</c>, <c>{{ env.NAME }}</c>): HolmesGPT fills them in and sends them to whichever
/// Service holds the name, so that a tenant whose Service comes to hold it would be sent them too.
/// </summary>
/// <param name="Namespaces">Theirs alone; empty for all.</param>
public sealed record CredentialScope(ImmutableArray<string> Namespaces)
{
    public static CredentialScope Everywhere { get; } = new([]);

    public bool Includes(ObjectKey service) => Namespaces.IsEmpty || Namespaces.Contains(service.Namespace);

    /// <summary>The paths of what the toolset of a Service does without, overrides left aside.</summary>
    public ImmutableArray<string> WithheldFrom(Detection.Matched? found) => found is null || Includes(found.Service.Key)
        ? []
        : TakeOut(ToolsetValue.Map.Of(("config", found.Config))).Withheld;

    /// <returns>What is left, and the paths of what was taken out, such as <c>config.apiKey</c>.</returns>
    public static (ToolsetValue.Map Kept, ImmutableArray<string> Withheld) TakeOut(ToolsetValue.Map body)
    {
        var withheld = ImmutableArray.CreateBuilder<string>();
        var kept = (ToolsetValue.Map?)Without(body, "", withheld);
        return (kept ?? ToolsetValue.Map.Empty, withheld.ToImmutable());
    }

    /// <summary>Null where nothing is left; what was empty before stays.</summary>
    private static ToolsetValue? Without(ToolsetValue value, string path, ImmutableArray<string>.Builder withheld)
    {
        switch (value)
        {
            case ToolsetValue.Text text when IsReference(text.Value):
                withheld.Add(path);
                return null;
            case ToolsetValue.List { Items.IsEmpty: false } list:
                ImmutableArray<ToolsetValue> items = [.. list.Items.Select((item, i) => Without(item, $"{path}[{i}]", withheld)).OfType<ToolsetValue>()];
                return items.IsEmpty ? null : new ToolsetValue.List(items);
            case ToolsetValue.Map { Entries.IsEmpty: false } map:
                ImmutableArray<KeyValuePair<string, ToolsetValue>> entries =
                [
                    .. from entry in map.Entries
                       let rest = Without(entry.Value, path.Length == 0 ? QuotedText.OrPlain(entry.Key) : $"{path}.{QuotedText.OrPlain(entry.Key)}", withheld)
                       where rest is not null
                       select KeyValuePair.Create(entry.Key, rest),
                ];
                return entries.IsEmpty ? null : new ToolsetValue.Map(entries);
            default:
                return value;
        }
    }

    /// <summary>Whatever could be filled in: what is taken out in vain costs a line in the log, what stays in vain a secret.</summary>
    private static bool IsReference(string text) => text.Contains("${", StringComparison.Ordinal) || text.Contains("{{", StringComparison.Ordinal);
}
