using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Selectors;

/// <summary>A label selector in the text form of the API: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;1</c>
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).</summary>
internal sealed partial class LabelSelector
{
    private readonly ImmutableArray<Requirement> _requirements;

    private LabelSelector(ImmutableArray<Requirement> requirements) => _requirements = requirements;

    private enum Operator
    {
        In,
        NotIn,
        Exists,
        DoesNotExist,
        GreaterThan,
        LessThan,
    }

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEmpty => _requirements.IsEmpty;

    /// <exception cref="KubeStatusException">The text is not a selector.</exception>
    public static LabelSelector Parse(string text)
    {
        var requirements = ImmutableArray.CreateBuilder<Requirement>();
        int position = 0;
        while (position < text.Length)
        {
            Match match = RequirementText.Match(text, position);
            if (!match.Success || match.Index != position)
                throw KubeStatusException.BadRequest($"unable to parse requirement: found '{text[position..]}', expected: !, identifier, or 'end of string'");

            requirements.Add(Read(match));
            position = match.Index + match.Length;
        }

        return new LabelSelector(requirements.ToImmutable());
    }

    public bool Matches(FrozenDictionary<string, string> labels) => _requirements.All(requirement => requirement.Matches(labels));

    private static Requirement Read(Match match)
    {
        string key = match.Groups["key"].Value;
        if (match.Groups["not"].Success)
            return new Requirement(key, Operator.DoesNotExist, []);

        if (match.Groups["set"].Success)
        {
            ImmutableArray<string> values = [.. match.Groups["values"].Value.Split(',').Select(value => value.Trim())];
            return new Requirement(key, match.Groups["set"].Value == "in" ? Operator.In : Operator.NotIn, values);
        }

        string value = match.Groups["value"].Value;
        return match.Groups["sign"].Value switch
        {
            "=" or "==" => new Requirement(key, Operator.In, [value]),
            "!=" => new Requirement(key, Operator.NotIn, [value]),
            ">" => new Requirement(key, Operator.GreaterThan, [value]),
            "<" => new Requirement(key, Operator.LessThan, [value]),
            _ => new Requirement(key, Operator.Exists, []),
        };
    }

    [GeneratedRegex(
        """
        \s*(?:
            (?<not>!)\s*(?<key>[-A-Za-z0-9_./]+)
          | (?<key>[-A-Za-z0-9_./]+)\s+(?<set>in|notin)\s*\((?<values>[^()]*)\)
          | (?<key>[-A-Za-z0-9_./]+)\s*(?<sign>==|=|!=|>|<)\s*(?<value>[-A-Za-z0-9_.]*)
          | (?<key>[-A-Za-z0-9_./]+)
        )\s*(?:,(?=.)|$)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex RequirementText { get; }

    private sealed record Requirement(string Key, Operator Operator, ImmutableArray<string> Values)
    {
        public bool Matches(FrozenDictionary<string, string> labels)
        {
            bool exists = labels.TryGetValue(Key, out string? value);
            return Operator switch
            {
                Operator.In => exists && Values.Contains(value!),
                Operator.NotIn => !exists || !Values.Contains(value!),
                Operator.Exists => exists,
                Operator.DoesNotExist => !exists,
                Operator.GreaterThan => Compare(value) > 0,
                _ => Compare(value) < 0,
            };
        }

        /// <summary>0 where one of the two is not a number: neither greater nor less.</summary>
        private int Compare(string? value) =>
            long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out long left)
            && long.TryParse(Values[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out long right)
                ? left.CompareTo(right)
                : 0;
    }
}
