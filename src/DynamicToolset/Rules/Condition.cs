using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;

namespace DynamicToolset.Rules;

/// <summary>Something that holds of a Service or does not.</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    public abstract bool IsMetBy(ServiceRecord service);

    /// <summary>An expression that was not used for a while is compiled anew, which takes milliseconds and a MiB.</summary>
    internal virtual bool IsCostly => false;

    /// <summary>The same verdict as <see cref="IsMetBy"/>, with the reason: slower, for those who ask.</summary>
    /// <param name="product">Is met by texts that name what is looked for.</param>
    public abstract ConditionOutcome Explain(ServiceRecord service, TextCondition product);

    /// <summary>What stands there instead of what is asked for, of a Service that does not meet it.</summary>
    internal virtual string TellMiss(ServiceRecord service) => throw new UnreachableException();

    /// <summary>What to change so that it is met; null where nothing can be changed about it.</summary>
    internal virtual string? RemedyFor(ServiceRecord service) => null;

    /// <summary>What of it is met, as it stands there; null where that says nothing.</summary>
    internal virtual string? TellHeld(ServiceRecord service, TextCondition product) => null;

    /// <summary>Every label, annotation and selector key that it reads.</summary>
    public IEnumerable<Pair> Pairs() => this switch
    {
        All all => all.Conditions.SelectMany(c => c.Pairs()),
        Any any => any.Conditions.SelectMany(c => c.Pairs()),
        Not not => not.Condition.Pairs(),
        Pair pair => [pair],
        _ => [],
    };

    /// <summary>What it asks for, for a person.</summary>
    public abstract string Describe();

    /// <summary>What holds of a Service that meets it, for a person: of several choices only the one that does.</summary>
    public abstract string Tell(ServiceRecord service);

    /// <summary>All of them must hold; an empty list always holds.</summary>
    public sealed record All(ImmutableArray<Condition> Conditions) : Condition
    {
        /// <summary>Most often one that costs nothing is not met.</summary>
        public override bool IsMetBy(ServiceRecord service) => AreMetBy(service, costly: false) && AreMetBy(service, costly: true);

        private bool AreMetBy(ServiceRecord service, bool costly)
        {
            foreach (Condition condition in Conditions)
            {
                if (condition.IsCostly == costly && !condition.IsMetBy(service))
                    return false;
            }

            return true;
        }

        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product)
        {
            (int evidence, Condition? missed) = (0, null);
            foreach (Condition condition in Conditions)
            {
                ConditionOutcome outcome = condition.Explain(service, product);
                evidence += outcome.Evidence;
                missed ??= outcome.Missed;
            }

            return new ConditionOutcome(service, product, evidence, missed, Kept: this);
        }

        internal override string? TellHeld(ServiceRecord service, TextCondition product)
        {
            string held = string.Join(", ", Conditions.Select(c => c.Explain(service, product).Held).OfType<string>());
            return held.Length > 0 ? held : null;
        }

        public override string Describe() => string.Join(", and ", Conditions.Select(c => c.Describe()));

        /// <summary>An exception that does not apply goes without saying, unless there is nothing else to say.</summary>
        public override string Tell(ServiceRecord service)
        {
            IEnumerable<Condition> told = Conditions.All(c => c is Not) ? Conditions : Conditions.Where(c => c is not Not);
            return string.Join(", and ", told.Select(c => c.Tell(service)));
        }
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

        /// <summary>If none holds, the closest one explains why.</summary>
        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product)
        {
            if (Conditions.IsEmpty)
                return new ConditionOutcome(service, product, Evidence.None, Missed: this);
            var closest = new ConditionOutcome(service, product, int.MinValue);
            foreach (Condition condition in Conditions)
            {
                ConditionOutcome outcome = condition.Explain(service, product);
                if (outcome.IsMet)
                    return outcome;
                if (outcome.Evidence > closest.Evidence)
                    closest = outcome;
            }

            return closest;
        }

        internal override string TellMiss(ServiceRecord service) => "an empty choice is never met";

        public override string Describe() => string.Join(", or ", Conditions.Select(c => c.Describe()));

        public override string Tell(ServiceRecord service) => Conditions.First(c => c.IsMetBy(service)).Tell(service);
    }

    public sealed record Not(Condition Condition) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => !Condition.IsMetBy(service);

        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product) =>
            new(service, product, Evidence.None, Condition.IsMetBy(service) ? this : null);

        internal override string TellMiss(ServiceRecord service) => $"this must not hold: {Condition.Tell(service)}";

        public override string Describe() => $"not ({Condition.Describe()})";

        public override string Tell(ServiceRecord service) => $"it is not true that {Condition.Describe()}";
    }

    /// <summary>A label, an annotation, or a key of the pod selector.</summary>
    public sealed record Pair(PairSource Source, string Key, TextCondition Value) : Condition
    {
        internal override bool IsCostly => Value.IsCostly;

        public override bool IsMetBy(ServiceRecord service) => Value.IsMetBy(Read(service));

        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product)
        {
            string? present = Read(service);
            return Value.IsMetBy(present)
                ? new ConditionOutcome(service, product, Evidence.Of(Key, Value), Kept: this)
                : new ConditionOutcome(service, product, Evidence.OfMiss(Value, present, product), Missed: this);
        }

        internal override string TellMiss(ServiceRecord service) => Missed(Subject(), Value, Read(service));

        internal override string? TellHeld(ServiceRecord service, TextCondition product) =>
            Read(service) is { } present ? $"{Subject()} is {QuotedText.Of(present)}" : null;

        public override string Describe() => $"{Subject()} {Value.Demand()}";

        public override string Tell(ServiceRecord service) => $"{Subject()} {Value.Tell(Read(service))}";

        private string Subject() => Source switch
        {
            PairSource.Label => $"label {QuotedText.OrPlain(Key)}",
            PairSource.Annotation => $"annotation {QuotedText.OrPlain(Key)}",
            _ => $"selector {QuotedText.OrPlain(Key)}",
        };

        /// <summary>What the selector says is decided by the labels of the pods, which is not to be changed for our sake.</summary>
        internal override string? RemedyFor(ServiceRecord service) => Source == PairSource.Selector ? null : Value.Operator switch
        {
            TextOperator.In or TextOperator.EndsWithWord or TextOperator.HasWord => $"set the {Subject()} to {QuotedText.Of(Value.Values[0])}",
            TextOperator.Exists => $"set the {Subject()}",
            TextOperator.NotIn or TextOperator.DoesNotExist => $"remove the {Subject()}",
            _ => null,
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
        internal override bool IsCostly => Value.IsCostly;

        public override bool IsMetBy(ServiceRecord service) => Value.IsMetBy(service.Key.Name);

        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product) => IsMetBy(service)
            ? new ConditionOutcome(service, product, Evidence.Of("name", Value), Kept: this)
            : new ConditionOutcome(service, product, Evidence.None, Missed: this);

        internal override string TellMiss(ServiceRecord service) => Missed("the name", Value, service.Key.Name);

        internal override string TellHeld(ServiceRecord service, TextCondition product) => $"the name is {QuotedText.Of(service.Key.Name)}";

        public override string Describe() => $"the name {Value.Demand()}";

        public override string Tell(ServiceRecord service) => $"the name {Value.Tell(service.Key.Name)}";
    }

    /// <summary>How the Service is reached: a name of <see cref="ServiceKind"/>.</summary>
    public sealed record Kind(TextCondition Value) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => Value.IsMetBy(service.Kind.ToString());

        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product) =>
            new(service, product, Evidence.None, IsMetBy(service) ? null : this);

        internal override string TellMiss(ServiceRecord service) => Missed("the kind", Value, service.Kind.ToString());

        public override string Describe() => $"the kind {Value.Demand()}";

        public override string Tell(ServiceRecord service) => $"the kind {Value.Tell(service.Kind.ToString())}";
    }

    /// <summary>Some port of the Service.</summary>
    public sealed record Port(PortCondition Wanted) : Condition
    {
        public override bool IsMetBy(ServiceRecord service) => Wanted.Find(service) is not null;

        public override ConditionOutcome Explain(ServiceRecord service, TextCondition product) => IsMetBy(service)
            ? new ConditionOutcome(service, product, Evidence.Of(Wanted), Kept: this)
            : new ConditionOutcome(service, product, Evidence.None, Missed: this);

        internal override string TellMiss(ServiceRecord service) => PortCondition.MissOf([Wanted], service);

        internal override string? RemedyFor(ServiceRecord service) => PortCondition.RemedyOf([Wanted]);

        internal override string TellHeld(ServiceRecord service, TextCondition product) => $"there is {Wanted.Demand()}";

        public override string Describe() => $"there is {Wanted.Demand()}";

        public override string Tell(ServiceRecord service) => $"there is the port {Wanted.Find(service)!.Describe()}";
    }

    private static string Missed(string subject, TextCondition wanted, string? present) =>
        $"{subject} {(present is null ? "is missing" : $"is {QuotedText.Of(present)}")} but {wanted.Demand()}";
}
