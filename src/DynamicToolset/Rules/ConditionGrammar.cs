using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Forms;
using DynamicToolset.Yaml;

namespace DynamicToolset.Rules;

/// <summary>How conditions are written.</summary>
internal static class ConditionGrammar
{
    private const int Deepest = 16;

    private const int MostValues = 100;

    private const int LongestExpression = 256;

    private const string Operator = "operator";

    private const string Values = "values";

    private const string Allowed = "a condition, which is a map such as {labels: {app: grafana}}";

    private const string Example = "{name: grafana}";

    private static readonly ScalarForm<TextOperator> Operators =
        ScalarForm.Word([.. Enum.GetValues<TextOperator>().Select(o => (o.ToString(), o))]);

    /// <summary>A text of any kind.</summary>
    public static EitherForm<TextCondition> AnyText { get; } = Text("a text", "x", _ => true);

    private static readonly EitherForm<TextCondition> SomeText = Text("a text that is not empty", "x", text => text.Length > 0);

    private static readonly EitherForm<TextCondition> AnyKind =
        Text($"one of {string.Join(", ", Enum.GetNames<ServiceKind>())}", nameof(ServiceKind.Headless), Enum.GetNames<ServiceKind>().Contains);

    private static readonly Field<TextCondition> PortName = new("name", AnyText);

    private static readonly Field<int> PortNumber = new("number", ScalarForm.Whole(1, 65535));

    private static readonly Field<TextCondition> TargetPort = new("targetPort", SomeText);

    private static readonly Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Labels = Pairs("labels");

    private static readonly Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Selector = Pairs("selector");

    private static readonly Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Annotations = Pairs("annotations");

    private static readonly Field<TextCondition> Name = new("name", SomeText);

    private static readonly Field<TextCondition> Kind = new("kind", AnyKind);

    /// <summary>A condition inside another one.</summary>
    private static readonly MadeForm<Condition, Condition> Inner = new(Allowed, Example, () => Any!, (condition, _, _) => condition);

    private static readonly Field<ImmutableArray<Condition>> AllOf = new("all", new ListForm<Condition>(Inner, "conditions", mayBeEmpty: false));

    private static readonly Field<ImmutableArray<Condition>> AnyOf = new("any", new ListForm<Condition>(Inner, "conditions", mayBeEmpty: false));

    private static readonly Field<Condition> Not = new("not", Inner);

    /// <summary>A TCP port.</summary>
    public static Form<PortCondition> Port { get; } = new MapForm<PortCondition>(
        "a map with name, number or targetPort", "{number: 9090}", MakePort, PortName, PortNumber, TargetPort);

    private static readonly Field<PortCondition> SomePort = new("port", Port);

    private static readonly MapForm<Condition> Any =
        new(Allowed, Example, Make, Labels, Selector, Annotations, Name, Kind, SomePort, AllOf, AnyOf, Not);

    /// <summary>A condition that is not inside another one.</summary>
    public static Form<Condition> Condition { get; } = new MadeForm<Condition, Condition>(Allowed, Example, () => Any, (condition, node, report) =>
    {
        if (TooDeep(node, 1) is { } deep)
            report(deep.Position, $"conditions are nested more than {Deepest} deep");
        return condition;
    });

    /// <summary>What would be compiled, at any depth.</summary>
    public static IEnumerable<YamlNode> ExpressionsIn(YamlNode node) => node switch
    {
        YamlNode.Mapping map when (map[Operator] as YamlNode.Scalar)?.Text == nameof(TextOperator.Matches) => (map[Values] as YamlNode.Sequence)?.Items ?? [],
        YamlNode.Mapping map => map.Entries.SelectMany(e => ExpressionsIn(e.Value)),
        YamlNode.Sequence list => list.Items.SelectMany(ExpressionsIn),
        _ => [],
    };

    /// <summary>What fits where it is equal, or as an operator says.</summary>
    private static EitherForm<TextCondition> Text(string allowed, string example, Func<string, bool> isAllowed)
    {
        ScalarForm<string> text = ScalarForm.Text(allowed, example, isAllowed);
        var op = new Field<TextOperator>(Operator, Operators, isRequired: true);
        var values = new Field<ImmutableArray<string>>(Values, new ListForm<string>(text, "texts", mayBeEmpty: false));
        return new EitherForm<TextCondition>(
            $"{allowed}, or {{operator: …, values: […]}}",
            new MadeForm<string, TextCondition>(allowed, example, () => text, (value, _, _) => TextCondition.EqualTo(value)),
            new MapForm<TextCondition>(
                allowed,
                $"{{operator: In, values: [{example}]}}",
                (fields, refuse) => MakeText(fields.Get(op), fields.Get(values, []), refuse),
                op,
                values));
    }

    private static Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Pairs(string name) => new(
        name, new PairsForm<TextCondition>("a map", AnyText, "app", key => key.Length == 0 ? "a key must have characters" : null));

    private static Condition Make(Fields fields, Action<string> refuse)
    {
        ImmutableArray<Condition> conditions =
        [
            .. fields.Get(Labels, []).Select(p => new Condition.Pair(PairSource.Label, p.Key, p.Value)),
            .. fields.Get(Selector, []).Select(p => new Condition.Pair(PairSource.Selector, p.Key, p.Value)),
            .. fields.Get(Annotations, []).Select(p => new Condition.Pair(PairSource.Annotation, p.Key, p.Value)),
            .. One(fields.Find(Name), n => new Condition.Name(n)),
            .. One(fields.Find(Kind), k => new Condition.Kind(k)),
            .. One(fields.Find(SomePort), p => new Condition.Port(p)),
            .. fields.Get(AllOf, []) is { IsEmpty: false } all ? [new Condition.All(all)] : ImmutableArray<Condition>.Empty,
            .. fields.Get(AnyOf, []) is { IsEmpty: false } any ? [new Condition.Any(any)] : ImmutableArray<Condition>.Empty,
            .. One(fields.Find(Not), n => new Condition.Not(n)),
        ];
        if (conditions.IsEmpty)
            refuse("a condition must not be empty: it would hold for every Service");
        return conditions is [var only] ? only : new Condition.All(conditions);
    }

    private static IEnumerable<Condition> One<T>(T? read, Func<T, Condition> make)
        where T : class => read is null ? [] : [make(read)];

    private static PortCondition MakePort(Fields fields, Action<string> refuse)
    {
        int number = fields.Get(PortNumber, 0);
        var port = new PortCondition(fields.Find(PortName), number == 0 ? null : number, fields.Find(TargetPort));
        if (port == new PortCondition())
            refuse("a port must have a name, a number or a targetPort: an empty one would be any port");
        return port;
    }

    private static TextCondition MakeText(TextOperator op, ImmutableArray<string> values, Action<string> refuse)
    {
        try
        {
            if (ProblemWith(op, values) is { } problem)
                refuse(problem);
            else
                return new TextCondition(op, values);
        }
        catch (NotSupportedException)
        {
            refuse("a regular expression may have no lookaround, backreference, atomic group or huge repetition: these can be slow");
        }
        catch (ArgumentException)
        {
            refuse("this is not a valid regular expression");
        }

        return TextCondition.EqualTo("");
    }

    private static string? ProblemWith(TextOperator op, ImmutableArray<string> values)
    {
        bool takesValues = op is not (TextOperator.Exists or TextOperator.DoesNotExist);
        if (takesValues == values.IsEmpty)
            return takesValues ? $"{op} needs \"values\"" : $"{op} takes no \"values\"";
        if (values.Length > MostValues)
            return $"more than {MostValues} values";
        if (op is TextOperator.EndsWithWord or TextOperator.HasWord && values.Any(v => v.Length == 0))
            return "a word must have characters";
        return op == TextOperator.Matches && values.Any(v => v.Length > LongestExpression)
            ? $"a regular expression may have at most {LongestExpression} characters"
            : null;
    }

    /// <summary>The first condition in this one, or in this list, that is nested too deep; null if none is.</summary>
    private static YamlNode? TooDeep(YamlNode node, int depth) => node switch
    {
        YamlNode.Mapping when depth > Deepest => node,
        YamlNode.Mapping map => map.Entries
            .Where(e => e.Key == AllOf.Name || e.Key == AnyOf.Name || e.Key == Not.Name)
            .Select(e => TooDeep(e.Value, depth + 1))
            .FirstOrDefault(n => n is not null),
        YamlNode.Sequence list => list.Items.Select(i => TooDeep(i, depth)).FirstOrDefault(n => n is not null),
        _ => null,
    };
}
