using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>A map with whatever is in it, but for a few fields whose form is known.</summary>
/// <param name="problemsOf">What is wrong with the whole of it, at any depth.</param>
internal sealed class TreeForm(
    string allowed, string example, Func<YamlNode.Mapping, IEnumerable<YamlProblem>> problemsOf, params ImmutableArray<Field> known)
    : Form<ToolsetValue.Map>(allowed, example)
{
    public override ImmutableArray<Field> Fields => known;

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, [MaybeNullWhen(false)] out ToolsetValue.Map value)
    {
        if (node is not YamlNode.Mapping map)
            return Refuse(node, subject, report, out value);
        bool isRight = true;
        foreach (YamlEntry entry in map.Entries)
            isRight &= known.FirstOrDefault(f => f.Name == entry.Key)?.TryRead(entry.Value, report, out _) != false;
        foreach (YamlProblem problem in problemsOf(map))
        {
            isRight = false;
            report(problem.Position, problem.Message);
        }

        value = isRight ? ToolsetValueReader.ReadMap(map) : null;
        return isRight;
    }
}
