using System.Collections.Immutable;
using DynamicToolset.Discovery;

namespace DynamicToolset.Rules;

/// <summary>Something that holds of a Service or does not.</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    public abstract bool IsMetBy(ServiceRecord service);

    /// <summary>The same verdict as <see cref="IsMetBy"/>, with the reason: slower, for those who ask.</summary>
    public abstract ConditionOutcome Explain(ServiceRecord service);

    /// <summary>What it asks for, for a person.</summary>
    public abstract string Describe();

    /// <summary>Every one of them; none is met by everything.</summary>
    public sealed record All(ImmutableArray<Condition> Conditions) : Condition
    {
        public override bool IsMetBy(ServiceRecord service)
        {
            foreach (Condition condition in Conditions)
            {
                if (!condition.IsMetBy(service))
                    return false;
            }

            return true;
        }

        public override ConditionOutcome Explain(ServiceRecord service)
        {
            ImmutableArray<ConditionOutcome> outcomes = [.. Conditions.Select(c => c.Explain(service))];
            return new ConditionOutcome(outcomes.Sum(o => o.Met), outcomes.FirstOrDefault(o => !o.IsMet)?.Failed);
        }

        public override string Describe() => string.Join(", and ", Conditions.Select(c => c.Describe()));
    }

    /// <summary>At least one of them.</summary>
    public sealed record Any(ImmutableArray<Condition> Conditions) : Condition
    {
        public override bool IsMetBy(ServiceRecord service)
        {
            foreach (Condition condition in Conditions)
            {
                if (condition.IsMetBy(service))
                    return true;
            }

            return false;
        }

        /// <summary>Where none is met, the one that came closest speaks.</summary>
        public override ConditionOutcome Explain(ServiceRecord service)
        {
            ImmutableArray<ConditionOutcome> outcomes = [.. Conditions.Select(c => c.Explain(service))];
            return outcomes.FirstOrDefault(o => o.IsMet) ?? outcomes.MaxBy(o => o.Met) ?? new ConditionOutcome(0, "an empty choice is never met");
        }

        public override string Describe() => string.Join(", or ", Conditions.Select(c => c.Describe()));
    }

    public sealed record Not(Condition Condition) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => !Condition.IsMetBy(service);

        public override ConditionOutcome Explain(ServiceRecord service) =>
            Condition.IsMetBy(service) ? new ConditionOutcome(0, $"what must not hold does: {Condition.Describe()}") : new ConditionOutcome(1, null);

        public override string Describe() => $"not ({Condition.Describe()})";
    }

    /// <summary>A label, an annotation, or a key of the pod selector.</summary>
    public sealed record Pair(PairSource Source, string Key, TextCondition Value) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => Value.IsMetBy(Read(service));

        public override ConditionOutcome Explain(ServiceRecord service) => Outcome(Subject(), Value, Read(service));

        public override string Describe() => $"{Subject()} {Value.Demand()}";

        private string Subject() => Source switch
        {
            PairSource.Label => $"label {Key}",
            PairSource.Annotation => $"annotation {Key}",
            _ => $"selector {Key}",
        };

        private string? Read(ServiceRecord service) => (Source switch
        {
            PairSource.Label => service.Labels,
            PairSource.Annotation => service.Annotations,
            _ => service.Selector,
        }).GetValueOrDefault(Key);
    }

    /// <summary>The Service's own name.</summary>
    public sealed record Name(TextCondition Value) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => Value.IsMetBy(service.Key.Name);

        public override ConditionOutcome Explain(ServiceRecord service) => Outcome("the name", Value, service.Key.Name);

        public override string Describe() => $"the name {Value.Demand()}";
    }

    /// <summary>How the Service is reached: a name of <see cref="ServiceKind"/>.</summary>
    public sealed record Kind(TextCondition Value) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => Value.IsMetBy(service.Kind.ToString());

        public override ConditionOutcome Explain(ServiceRecord service) => Outcome("the kind", Value, service.Kind.ToString());

        public override string Describe() => $"the kind {Value.Demand()}";
    }

    /// <summary>Some port of the Service.</summary>
    public sealed record Port(PortCondition Wanted) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => Wanted.Find(service) is not null;

        public override ConditionOutcome Explain(ServiceRecord service) =>
            IsMetBy(service) ? new ConditionOutcome(1, null) : new ConditionOutcome(0, $"there is not {Wanted.Demand()}");

        public override string Describe() => $"there is {Wanted.Demand()}";
    }

    private static ConditionOutcome Outcome(string subject, TextCondition wanted, string? present) => wanted.IsMetBy(present)
        ? new ConditionOutcome(1, null)
        : new ConditionOutcome(0, $"{subject} {(present is null ? "is not there" : $"is {QuotedText.Of(present)}")} and {wanted.Demand()}");
}
