using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.LeaderElection;

/// <summary>
/// Two replicas, a Lease and a ConfigMap, and every order in which things can happen: each call is sent, arrives, and is answered at any time or never,
/// and each replica does what it does next at any time, which is a pause where that is late. What a replica decides is decided by the real
/// <see cref="Election"/> and the real <see cref="Fencing"/>; calls and the clock are all that is simulated.
/// </summary>
/// <param name="Seconds">How long it goes on. Others take over after 3, the holder stops after 2, both as short as they can be.</param>
/// <param name="Writes">How many each replica sends at most.</param>
/// <param name="Strays">How many calls each replica may give up that arrive all the same.</param>
internal sealed record ElectionModel(int Seconds, int Writes, int Strays)
{
    private static readonly ObjectKey Key = new("ns", "lease");

    private readonly Interned<Election> _elections = new();
    private readonly Interned<LeaseRecord> _leases = new();
    private readonly Dictionary<(int Election, byte Now, int Lease), (int Election, Call Call)> _turns = [];
    private readonly ImmutableArray<string> _names = ["a", "b"];

    public State Start => new(0, 0, -1, default, ActorOf("a"), ActorOf("b"));

    public IEnumerable<State> Successors(State state)
    {
        if (state.Now < Seconds)
            yield return state with { Now = (byte)(state.Now + 1) };
        for (int i = 0; i < 2; i++)
        {
            foreach (State next in OfElector(state, i))
                yield return next;
            foreach (State next in OfWriter(state, i))
                yield return next;
        }
    }

    /// <summary>What must hold in every state; null where it does.</summary>
    public string? Broken(State state)
    {
        if (Leads(state, 0) && Leads(state, 1))
            return "two lead";
        return state.ConfigMap.IsLate ? $"a write of term {state.ConfigMap.LastTerm} was taken, and term {state.ConfigMap.NewestTerm} had seen to it that all is right" : null;
    }

    public bool Leads(State state, int index) => LeadershipOf(state, index).Leads;

    private Leadership LeadershipOf(State state, int index) => _elections[state[index].Election].LeadershipAt(At(state.Now));

    private Actor ActorOf(string name) => new Actor(
        _elections.IdOf(new Election(new ElectionOptions(name, At(4), At(2), At(1)))), Call.None, Call.None, false, -1, false, default, -1, Patch.None, Patch.None, 0, 0);

    private IEnumerable<State> OfElector(State state, int index)
    {
        Actor actor = state[index];
        if (actor.Waits == Call.None)
        {
            // The watch has told it of the Lease by now, or has not.
            yield return Begins(state, index, told: -2);
            yield return Begins(state, index, state.Lease);
        }
        else if (!actor.Waits.IsWrite)
        {
            yield return state.With(index, Heard(state, actor, _elections[actor.Election].Read(LeaseOf(state.Lease), At(actor.Waits.SentAt), At(state.Now))));
        }
        else
        {
            if (!actor.IsAnswered && actor.StraysLeft < Strays && actor.Stray == Call.None)
                yield return state.With(index, actor with { Waits = Call.None, Stray = actor.Waits, StraysLeft = (byte)(actor.StraysLeft + 1) });
            if (actor.IsAnswered)
            {
                // Its answer comes, or is lost.
                yield return Answered(state, index);
                yield return state.With(index, actor with { Waits = Call.None, IsAnswered = false, Answer = -1, IsTaken = false });
            }
            else
            {
                State arrived = Arrives(state, index, actor.Waits, out bool isTaken);
                yield return arrived.With(index, arrived[index] with { IsAnswered = true, Answer = arrived.Lease, IsTaken = isTaken });
            }
        }

        if (actor.Stray != Call.None)
        {
            State arrived = Arrives(state, index, actor.Stray, out _);
            yield return arrived.With(index, arrived[index] with { Stray = Call.None });
        }
    }

    /// <param name="told">The Lease of which the watch tells; -2 where it does not.</param>
    private State Begins(State state, int index, int told)
    {
        Actor actor = state[index];
        if (!_turns.TryGetValue((actor.Election, state.Now, told), out (int Election, Call Call) turn))
            turn = _turns[(actor.Election, state.Now, told)] = TurnOf(_elections[actor.Election], state.Now, told);
        return state.With(index, actor with { Election = turn.Election, Waits = turn.Call });
    }

    /// <summary>What an elector does that waits for nothing.</summary>
    private (int Election, Call Call) TurnOf(Election before, byte now, int told)
    {
        Election election = (told == -2 ? before : before.Told(LeaseOf(told), At(now))).At(At(now));
        return election.Decide(At(now)) switch
        {
            ElectionDecision.Look => (_elections.IdOf(election), new Call(now, IsWrite: false, -1)),
            ElectionDecision.Write write => (_elections.IdOf(election.Sending()), new Call(now, IsWrite: true, write.From is null ? -1 : _leases.IdOf(write.From))),
            _ => (_elections.IdOf(election), Call.None),
        };
    }

    private State Answered(State state, int index)
    {
        Actor actor = state[index];
        Election election = _elections[actor.Election];
        if (!actor.IsTaken)
            return state.With(index, Heard(state, actor, election));
        string fence = $"{state.Terms + 1}";
        Election held = election.Held(LeaseOf(actor.Answer)!, At(actor.Waits.SentAt), At(state.Now), fence);
        byte terms = (byte)(held.Term?.Fence == fence ? state.Terms + 1 : state.Terms);
        return (state with { Terms = terms }).With(index, Heard(state, actor, held));
    }

    private Actor Heard(State state, Actor actor, Election election) => actor with
    {
        Election = _elections.IdOf(election),
        Waits = Call.None,
        IsAnswered = false,
        Answer = -1,
        IsTaken = false,
    };

    /// <summary>A call arrives at the API server, which carries it out at once.</summary>
    private State Arrives(State state, int index, Call call, out bool isTaken)
    {
        isTaken = call.From == state.Lease;
        return isTaken ? state with { Lease = _leases.IdOf(Written(_names[index], call)) } : state;
    }

    private LeaseRecord Written(string identity, Call call)
    {
        DateTimeOffset wall = DateTimeOffset.UnixEpoch + At(call.SentAt);
        LeaseSpec spec = LeaseOf(call.From) is { } from ? from.Spec.HeldBy(identity, At(4), wall) : LeaseSpec.New(identity, At(4), wall);
        // What would be the same is the same version, so that states in which the same may happen are one.
        return new LeaseRecord(Key, "uid", $"{spec.Holder} {call.SentAt} {spec.Transitions}", spec);
    }

    private LeaseRecord? LeaseOf(int id) => id < 0 ? null : _leases[id];

    private IEnumerable<State> OfWriter(State state, int index)
    {
        Actor actor = state[index];
        if (actor.Patch == Patch.None)
        {
            // The watch has told it of the ConfigMap by now, or has not.
            foreach (ConfigMapState view in (ConfigMapState[])[actor.View, state.ConfigMap.AsSeen()])
            {
                if (Sends(state, index, view, new ConfigMapPlan.Disown($"{view.Version}", [])) is { } sent)
                    yield return sent;
                if (Sends(state, index, view, new ConfigMapPlan.None()) is { } done)
                    yield return done;
            }
        }
        else
        {
            State arrived = Takes(state, actor.Patch);
            bool isTaken = arrived.ConfigMap.Version != state.ConfigMap.Version;
            // Its answer is heard, or lost.
            yield return arrived.With(index, actor with { Patch = Patch.None, View = arrived.ConfigMap.AsSeen(), Fenced = isTaken && actor.Patch.IsFence ? actor.Patch.Term : actor.Fenced });
            yield return arrived.With(index, actor with { Patch = Patch.None });
            if (actor.StraysLeft < Strays && actor.StrayPatch == Patch.None)
                yield return state.With(index, actor with { Patch = Patch.None, StrayPatch = actor.Patch, StraysLeft = (byte)(actor.StraysLeft + 1) });
        }

        if (actor.StrayPatch != Patch.None)
            yield return Takes(state, actor.StrayPatch).With(index, actor with { StrayPatch = Patch.None });
    }

    /// <summary>The writer decides as a round does, and sends where the term is not over.</summary>
    /// <param name="work">What there is to write.</param>
    private State? Sends(State state, int index, ConfigMapState view, ConfigMapPlan work)
    {
        Actor actor = state[index];
        Leadership leadership = LeadershipOf(state, index);
        ConfigMapRecord present = ConfigMaps.Empty with
        {
            ResourceVersion = $"{view.Version}",
            Annotations = ConfigMaps.Map((DesiredConfigMap.LeaderEpochAnnotation, view.Epoch == 0 ? "" : $"{view.Epoch}")),
        };
        string? fenced = Fencing.LastOf(leadership, present, actor.Fenced < 0 ? null : $"{actor.Fenced}");
        actor = actor with { View = view, Fenced = fenced is null ? -1 : int.Parse(fenced, null) };
        switch (Fencing.StepOf(work, leadership, present, fenced, null))
        {
            case ConfigMapPlan.Yield:
                return state.With(index, actor with { Election = _elections.IdOf(_elections[actor.Election].Yielded(At(state.Now))) });
            case ConfigMapPlan.None when leadership is Leadership.Leader { Fence: var ours }:
                int settled = Math.Max(state.ConfigMap.NewestTerm, int.Parse(ours, null));
                return (state with { ConfigMap = state.ConfigMap with { NewestTerm = settled } }).With(index, actor);
            case ConfigMapPlan.None:
                return null;
            case var step when actor.Sent < Writes:
                int term = int.Parse(((Leadership.Leader)leadership).Fence, null);
                return state.With(index, actor with { Patch = new Patch(view.Version, term, step is ConfigMapPlan.Fence), Sent = (byte)(actor.Sent + 1) });
            default:
                return null;
        }
    }

    private static State Takes(State state, Patch patch)
    {
        ConfigMapState now = state.ConfigMap;
        return patch.Version != now.Version ? state : state with
        {
            ConfigMap = new ConfigMapState((byte)(now.Version + 1), patch.IsFence ? patch.Term : now.Epoch, patch.Term, Math.Max(now.NewestTerm, patch.Term), IsLate: patch.Term < now.NewestTerm),
        };
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    /// <param name="Terms">How many there were.</param>
    /// <param name="Lease">-1 where there is none.</param>
    internal readonly record struct State(byte Now, byte Terms, int Lease, ConfigMapState ConfigMap, Actor A, Actor B)
    {
        public Actor this[int index] => index == 0 ? A : B;

        public State With(int index, Actor actor) => index == 0 ? this with { A = actor } : this with { B = actor };

        /// <summary>Two states of the same one are the same, but for a chance of one to a million millions.</summary>
        public ulong Fingerprint()
        {
            ulong mixed = Mix(0, Now, Terms, Lease, ConfigMap.Version, ConfigMap.Epoch, ConfigMap.LastTerm, ConfigMap.NewestTerm);
            return B.Mixed(A.Mixed(mixed));
        }
    }

    /// <param name="Epoch">The term whose fence it bears.</param>
    /// <param name="LastTerm">The term that wrote it last.</param>
    /// <param name="NewestTerm">The youngest of those that have, or that found nothing to write: none that is older may from then on.</param>
    internal readonly record struct ConfigMapState(byte Version, int Epoch, int LastTerm, int NewestTerm, bool IsLate = false)
    {
        /// <summary>What a replica sees of it.</summary>
        public ConfigMapState AsSeen() => new(Version, Epoch, 0, 0);
    }

    /// <param name="Waits">The call to the Lease that it waits for.</param>
    /// <param name="Stray">One that it has given up, and that is still on its way.</param>
    /// <param name="IsAnswered">The call has arrived, and its answer is on its way back.</param>
    /// <param name="Fenced">The term by which it knows the ConfigMap to be fenced; -1 where there was none.</param>
    /// <param name="Patch">A write of the ConfigMap that it waits for.</param>
    internal readonly record struct Actor(
        int Election, Call Waits, Call Stray, bool IsAnswered, int Answer, bool IsTaken, ConfigMapState View, int Fenced, Patch Patch, Patch StrayPatch, byte Sent, byte StraysLeft)
    {
        public ulong Mixed(ulong mixed) => Mix(
            mixed, Election, Waits.Bits, Stray.Bits, IsAnswered ? 1 : 0, Answer, IsTaken ? 1 : 0, View.Version, Fenced, Patch.Bits, StrayPatch.Bits, Sent, StraysLeft);
    }

    private static ulong Mix(ulong mixed, params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            mixed = (mixed ^ (uint)value) * 0x9E3779B97F4A7C15;
            mixed ^= mixed >> 32;
        }

        return mixed;
    }

    /// <param name="From">The Lease that it is written over; -1 where it is to be created.</param>
    internal readonly record struct Call(byte SentAt, bool IsWrite, int From)
    {
        public static Call None { get; } = new(0, false, -2);

        public int Bits => (From << 8) | (SentAt << 1) | (IsWrite ? 1 : 0);
    }

    internal readonly record struct Patch(byte Version, int Term, bool IsFence)
    {
        public static Patch None { get; } = new(0, -1, false);

        public int Bits => (Term << 16) | (Version << 1) | (IsFence ? 1 : 0);
    }

    /// <summary>Values by numbers, so that a state is a few bytes.</summary>
    private sealed class Interned<T>
        where T : notnull
    {
        private readonly Dictionary<T, int> _ids = [];
        private readonly List<T> _values = [];

        public T this[int id] => _values[id];

        public int IdOf(T value)
        {
            if (_ids.TryGetValue(value, out int known))
                return known;
            _values.Add(value);
            return _ids[value] = _values.Count - 1;
        }
    }
}
