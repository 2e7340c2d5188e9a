using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>Reads conditions. What cannot be read is reported, and stands for a condition that is never met.</summary>
internal sealed class ConditionReader(Action<YamlPosition, string> report)
{
    private const int Deepest = 16;

    private const int MostValues = 100;

    private const int LongestExpression = 256;

    private static readonly Condition Never = new Condition.Any([]);

    private static readonly ImmutableArray<string> Operators = [.. Enum.GetNames<TextOperator>()];

    public Condition Read(YamlNode node, int depth = 1)
    {
        if (depth > Deepest)
            return Refused(node, $"conditions are nested more than {Deepest} deep");
        if (node is not YamlNode.Mapping map)
            return Refused(node, "a condition must be a map, such as {labels: {app: grafana}}");
        var fields = new FieldReader(map, report);
        ImmutableArray<Condition> conditions =
        [
            .. Pairs(fields, "labels", PairSource.Label),
            .. Pairs(fields, "selector", PairSource.Selector),
            .. Pairs(fields, "annotations", PairSource.Annotation),
            .. One(fields, "name", n => new Condition.Name(Text(n))),
            .. One(fields, "kind", n => new Condition.Kind(Kind(n))),
            .. One(fields, "port", n => new Condition.Port(Port(n))),
            .. One(fields, "all", n => new Condition.All(List(n, depth))),
            .. One(fields, "any", n => new Condition.Any(List(n, depth))),
            .. One(fields, "not", n => new Condition.Not(Read(n, depth + 1))),
        ];
        fields.Done();
        return conditions switch
        {
            [] => Refused(node, "a condition must say something: an empty one would hold of every Service"),
            [var only] => only,
            _ => new Condition.All(conditions),
        };
    }

    public ImmutableArray<Condition> List(YamlNode node, int depth = 0)
    {
        if (node is YamlNode.Sequence { Items: { IsEmpty: false } items })
            return [.. items.Select(i => Read(i, depth + 1))];
        report(node.Position, "this must be a list of conditions, and not an empty one");
        return [];
    }

    public PortCondition Port(YamlNode node)
    {
        if (node is not YamlNode.Mapping map)
        {
            report(node.Position, "a port must be a map with name, number or targetPort");
            return new PortCondition();
        }

        var fields = new FieldReader(map, report);
        TextCondition? name = fields.Node("name") is { } n ? Text(n) : null;
        int? number = fields.Integer("number", 1, 65535);
        TextCondition? target = fields.Node("targetPort") is { } t ? Text(t) : null;
        fields.Done();
        if (name is null && number is null && target is null)
            report(node.Position, "a port must have a name, a number or a targetPort: an empty one would be any port");
        return new PortCondition(name, number, target);
    }

    private IEnumerable<Condition> Pairs(FieldReader fields, string name, PairSource source) =>
        fields.Entries(name).Select(e => new Condition.Pair(source, e.Key, Text(e.Value)));

    private static IEnumerable<Condition> One(FieldReader fields, string name, Func<YamlNode, Condition> read) =>
        fields.Node(name) is { } node ? [read(node)] : [];

    private TextCondition Kind(YamlNode node)
    {
        TextCondition condition = Text(node);
        foreach (string value in condition.Values.Where(v => !Enum.GetNames<ServiceKind>().Contains(v)))
            report(node.Position, $"{QuotedText.Of(value)} is no kind: known are {string.Join(", ", Enum.GetNames<ServiceKind>())}");
        return condition;
    }

    private TextCondition Text(YamlNode node)
    {
        switch (node)
        {
            case YamlNode.Scalar { IsNull: false } scalar:
                return TextCondition.EqualTo(scalar.Text);
            case YamlNode.Mapping map:
                return TextMap(map);
            default:
                report(node.Position, "this must be a text, or {operator: …, values: […]}");
                return NoText;
        }
    }

    private static TextCondition NoText => new(TextOperator.In, []);

    private TextCondition TextMap(YamlNode.Mapping map)
    {
        var fields = new FieldReader(map, report);
        string? name = fields.Required("operator") is YamlNode.Scalar scalar ? scalar.Text : null;
        ImmutableArray<string> values = fields.Texts("values");
        fields.Done();
        if (name is null)
            return NoText;
        if (!Operators.Contains(name))
            return RefusedText(map, $"the operator must be one of {string.Join(", ", Operators)}");
        TextOperator op = Enum.Parse<TextOperator>(name);
        bool takesValues = op is not (TextOperator.Exists or TextOperator.DoesNotExist);
        if (takesValues == values.IsEmpty)
            return RefusedText(map, takesValues ? $"{op} needs \"values\"" : $"{op} takes no \"values\"");
        if (values.Length > MostValues)
            return RefusedText(map, $"more than {MostValues} values");
        if (op is TextOperator.EndsWithWord or TextOperator.HasWord && values.Any(v => v.Length == 0))
            return RefusedText(map, "a word must have characters");
        return op == TextOperator.Matches ? Expressions(map, values) : new TextCondition(op, values);
    }

    private TextCondition Expressions(YamlNode.Mapping map, ImmutableArray<string> values)
    {
        if (values.Any(v => v.Length > LongestExpression))
            return RefusedText(map, $"a regular expression may have at most {LongestExpression} characters");
        try
        {
            return new TextCondition(TextOperator.Matches, values);
        }
        catch (NotSupportedException)
        {
            return RefusedText(map, "a regular expression may have no lookaround, backreference, atomic group or huge repetition: these can be slow");
        }
        catch (ArgumentException)
        {
            return RefusedText(map, "this is no regular expression");
        }
    }

    private Condition Refused(YamlNode node, string message)
    {
        report(node.Position, message);
        return Never;
    }

    private TextCondition RefusedText(YamlNode node, string message)
    {
        report(node.Position, message);
        return NoText;
    }
}
