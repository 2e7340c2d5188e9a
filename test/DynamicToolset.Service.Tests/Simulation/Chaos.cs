using DynamicToolset.Cluster;

namespace DynamicToolset.Service.Tests.Simulation;

/// <summary>Everything that goes wrong by itself, and people who act meanwhile; by chance, until it is told to end.</summary>
internal sealed class Chaos(World world, Random random)
{
    private static readonly double Mean = TimeSpan.FromSeconds(12).TotalSeconds;

    private bool _isOver;

    public void Begin() => Next();

    /// <summary>Nothing new goes wrong, and what is wrong is put right.</summary>
    public void End()
    {
        _isOver = true;
        foreach (ObjectKey service in world.Tenants.Services)
            world.Backends.Set(service, BackendMood.Right);
        for (int slot = 0; slot < world.Slots; slot++)
            Heal(slot);
        world.Admin.Calm();
        world.Note("everything is put right");
    }

    private void Next() => world.Agenda.In(TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * Mean), () =>
    {
        if (_isOver)
            return;
        Act();
        Next();
    });

    private void Act()
    {
        int slot = random.Next(world.Slots);
        switch (random.Next(25))
        {
            case 0:
                Partition(slot, Simulation.Partition.Refused, Span(1, 60));
                break;
            case 1:
                Partition(slot, Simulation.Partition.Silent, Span(1, 60));
                break;
            case 2:
                Outage(Span(1, 60));
                break;
            case 3:
                Freeze(slot, Span(1, 40));
                break;
            case 4:
                Crash(slot, Span(0, 30));
                break;
            case 5:
                Terminate(slot, Span(0, 30));
                break;
            case 6:
                SetWallClock(slot);
                break;
            case 7:
                At(slot, "watches are cut", r => r.Link.CutWatches());
                break;
            case 8:
                TimeSpan lag = Span(1, 60);
                At(slot, "watches lag", r => r.Link.LagFor(lag));
                break;
            case 9:
                At(slot, "watches have a gap", r => Gap(r));
                break;
            case 10:
                Disturb(slot, Span(5, 60));
                break;
            case 11:
                TimeSpan until = world.Agenda.Now + Span(20, 120);
                At(slot, "no check arrives", r => r.ProbesFailUntil = until);
                break;
            case 12 or 13:
                Spoil();
                break;
            case 14 or 15:
                world.Tenants.Act();
                break;
            case 16 or 17 or 18:
                Ambush(random.Next(4) == 0 ? slot : world.Leader ?? slot);
                break;
            case 19:
                TimeSpan blind = world.Agenda.Now + Span(5, 60);
                At(slot, "cannot read Services", r => r.Link.ServicesFailUntil = blind);
                At(slot, "has its watches cut too", r => r.Link.CutWatches());
                break;
            case 20:
                RestartAll(Span(1, 10), Span(5, 60));
                break;
            default:
                world.Admin.Act();
                break;
        }
    }

    /// <summary>In the middle of the next write, which may be on its way for longer than its sender waits.</summary>
    private void Ambush(int slot)
    {
        bool lingers = random.Next(2) == 0;
        TimeSpan way = Span(3, 40), time = Span(10, 40);
        int what = random.Next(5);
        At(slot, $"is ambushed{(lingers ? " on a long way" : "")}", r => r.Link.Ambush = errand =>
        {
            if (world.RefusesOwners && !errand.ChangesOwners)
                return false;
            if (lingers)
                r.Link.Lingers = way;
            world.Agenda.In(TimeSpan.Zero, () => Strike(slot, what, time));
            return true;
        });
    }

    private void Strike(int slot, int what, TimeSpan time)
    {
        switch (what)
        {
            case 0:
                Crash(slot, time);
                break;
            case 1:
                Terminate(slot, time);
                break;
            case 2:
                Partition(slot, Simulation.Partition.Silent, time);
                break;
            default:
                Freeze(slot, time);
                break;
        }
    }

    private void Partition(int slot, Partition how, TimeSpan time)
    {
        At(slot, $"is cut off: {how}", r => r.Link.Set(how));
        world.Agenda.In(time, () => world.At(slot)?.Link.Set(Simulation.Partition.None));
    }

    /// <summary>Of the API server.</summary>
    private void Outage(TimeSpan time)
    {
        for (int slot = 0; slot < world.Slots; slot++)
            Partition(slot, Simulation.Partition.Refused, time);
    }

    private void Freeze(int slot, TimeSpan time)
    {
        if (world.At(slot) is not { } replica)
            return;
        At(slot, "is frozen", r => r.Process.IsFrozen = true);
        world.Agenda.In(time, () => replica.Process.IsFrozen = false);
    }

    private void Crash(int slot, TimeSpan pause)
    {
        if (world.At(slot) is null)
            return;
        At(slot, "crashes", static _ => { });
        world.Remove(slot);
        Restart(slot, pause);
    }

    private void Terminate(int slot, TimeSpan pause)
    {
        if (world.At(slot) is not { IsStopping: false })
            return;
        At(slot, "is told to stop", r => r.Stop());
        Restart(slot, pause + TimeSpan.FromSeconds(30));
    }

    private void Restart(int slot, TimeSpan pause) => world.Agenda.In(pause, () =>
    {
        if (world.At(slot) is { IsStopping: false })
            return;
        if (world.At(slot) is not null)
            world.Remove(slot);
        world.Start(slot);
    });

    /// <summary>As with a new version that lacks a right at first: nobody knows the Services, and nobody else leads.</summary>
    private void RestartAll(TimeSpan pause, TimeSpan blind)
    {
        for (int slot = 0; slot < world.Slots; slot++)
        {
            int restarted = slot;
            Crash(slot, pause);
            world.Agenda.In(pause, () => At(restarted, "starts and cannot read Services", r => r.Link.ServicesFailUntil = world.Agenda.Now + blind));
        }
    }

    private void SetWallClock(int slot)
    {
        TimeSpan error = TimeSpan.FromMinutes(random.Next(-120, 120));
        At(slot, "has its clock set", r => r.Process.Clock.WallError = error);
    }

    /// <summary>The history is forgotten while the watches are away.</summary>
    private void Gap(Replica replica)
    {
        replica.Link.Set(Simulation.Partition.Refused);
        world.Agenda.In(Span(1, 10), () =>
        {
            world.Store.ExpireHistory();
            replica.Link.Set(Simulation.Partition.None);
        });
    }

    private void Disturb(int slot, TimeSpan time)
    {
        At(slot, "has requests that fail", r => r.Link.FaultRate = 0.3);
        world.Agenda.In(time, () =>
        {
            if (world.At(slot) is { } replica)
                replica.Link.FaultRate = 0;
        });
    }

    private void Spoil()
    {
        ObjectKey[] services = [.. world.Tenants.Services];
        if (services.Length == 0)
            return;
        ObjectKey service = services[random.Next(services.Length)];
        var mood = (BackendMood)random.Next(Enum.GetValues<BackendMood>().Length);
        world.Backends.Set(service, mood);
        world.Count.Struck($"a backend {mood}");
        world.Note($"{service} {mood}");
    }

    private void At(int slot, string what, Action<Replica> act)
    {
        if (world.At(slot) is not { } replica)
            return;
        world.Count.Struck($"a replica {what}");
        world.Note($"{replica.Process.Name} {what}");
        act(replica);
    }

    private void Heal(int slot)
    {
        if (world.At(slot) is null or { IsStopping: true })
        {
            if (world.At(slot) is not null)
                world.Remove(slot);
            world.Start(slot);
        }

        Replica replica = world.At(slot)!;
        replica.Link.Set(Simulation.Partition.None);
        replica.Link.FaultRate = 0;
        replica.Link.LagFor(TimeSpan.Zero);
        replica.Link.Ambush = null;
        replica.Link.ServicesFailUntil = TimeSpan.Zero;
        replica.Process.IsFrozen = false;
        replica.ProbesFailUntil = TimeSpan.Zero;
    }

    private TimeSpan Span(int from, int to) => TimeSpan.FromSeconds(from + (random.NextDouble() * (to - from)));
}
