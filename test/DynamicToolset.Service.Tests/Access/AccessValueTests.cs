using System.Collections.Immutable;
using System.Net;
using System.Text;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Service.Access;
using DynamicToolset.Service.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Access;

/// <summary>The parts of the gate that decide alone.</summary>
public sealed class AccessValueTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Addresses_of_one_host_are_one(string one, string other, bool isSame) =>
        Assert.Equal(isSame, ClientAddress.Of(IPAddress.Parse(one)) == ClientAddress.Of(IPAddress.Parse(other)));

    [Theory]
    [InlineData("""{"exp":1000030}""", 30)]
    [InlineData("""{"exp":1000030.5}""", 30.5)]
    [InlineData("""{"exp":1000090}""", 60)]
    [InlineData("""{"exp":1e300}""", 60)]
    [InlineData("""{"exp":999999}""", 0)]
    [InlineData("""{"exp":-1e300}""", 0)]
    [InlineData("""{"exp":1000040,"exp":1000020}""", 20)]
    [InlineData("""{"exp":1000020,"exp":1000040}""", 20)]
    [InlineData("""{"a":{"exp":1000020}}""", 60)]
    [InlineData("""{"exp":"1000020"}""", 60)]
    [InlineData("""{"exp":null}""", 60)]
    [InlineData("""{"iat":1000020}""", 60)]
    [InlineData("""[{"exp":1000020}]""", 60)]
    [InlineData("""{"exp":1000020""", 60)]
    [InlineData("", 60)]
    public void What_a_token_says_of_its_end_makes_shorter_what_is_remembered_and_never_longer(string claims, double seconds)
    {
        string encoded = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        Assert.Equal(TimeSpan.FromSeconds(seconds), TokenLife.Shorten(TimeSpan.FromMinutes(1), $"e30.{encoded}.c2ln", DateTimeOffset.FromUnixTimeSeconds(1_000_000)));
    }

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("a.~~~.c")]
    public void A_token_that_says_nothing_is_remembered_as_long_as_any(string token) =>
        Assert.Equal(TimeSpan.FromMinutes(1), TokenLife.Shorten(TimeSpan.FromMinutes(1), token, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Claims_nested_without_end_are_given_up()
    {
        string encoded = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new string('[', 10_000)));
        Assert.Equal(TimeSpan.FromMinutes(1), TokenLife.Shorten(TimeSpan.FromMinutes(1), $"a.{encoded}.c", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Of_more_than_there_is_room_for_whoever_has_most_loses_the_one_that_ends_first()
    {
        var cache = new ReviewCache<int>(_time);
        cache.Put("good", "somebody", 1, TimeSpan.FromSeconds(10), TimeSpan.Zero);
        for (int i = 0; i < 3 * ReviewCache<int>.Most; i++)
            cache.Put($"many-{i}", "eve", i, TimeSpan.FromSeconds(60) + TimeSpan.FromMilliseconds(i), TimeSpan.Zero);
        Assert.True(cache.TryGet("good", out _));
        Assert.False(cache.TryGet("many-0", out _));
        Assert.True(cache.TryGet($"many-{(3 * ReviewCache<int>.Most) - 1}", out _));
        Assert.Equal(ReviewCache<int>.Most - 1, Enumerable.Range(0, 3 * ReviewCache<int>.Most).Count(i => cache.Knew($"many-{i}")));
    }

    [Fact]
    public void Made_up_addresses_beyond_ten_thousand_share_one_place_until_others_are_idle()
    {
        var limits = new RequestLimits(_time, perSecond: 1, burst: 2);
        Assert.All(Enumerable.Range(0, RequestLimits.MostCallers), i => Assert.Null(limits.Take($"{i}")));
        Assert.Null(limits.Take("a"));
        Assert.Null(limits.Take("b"));
        Assert.NotNull(limits.Take("c"));
        Assert.Null(limits.Take("7"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(limits.Take("c"));
        Assert.Null(limits.Take("c"));
        Assert.NotNull(limits.Take("c"));
        Assert.Null(limits.Take("d"));
    }

    [Fact]
    public void A_wait_is_as_long_as_it_takes()
    {
        var limits = new RequestLimits(_time, perSecond: 4, burst: 1);
        Assert.Null(limits.Take("a"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), limits.Take("a"));
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(TimeSpan.FromMilliseconds(1), limits.Take("a"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(limits.Take("a"));
    }

    [Theory]
    [InlineData("jo", "--user=jo")]
    [InlineData("jo@example.com", "--user=jo@example.com")]
    [InlineData("oidc:jo", "--user=oidc:jo")]
    [InlineData("system:serviceaccount:team:jo", "--serviceaccount=team:jo")]
    [InlineData("jo;reboot", "--user=NAME")]
    [InlineData("$(reboot)", "--user=NAME")]
    [InlineData("-o", "--user=NAME")]
    [InlineData("a b", "--user=NAME")]
    [InlineData("system:serviceaccount:$(reboot):x", "--user=NAME")]
    public void A_command_to_paste_holds_nothing_that_a_shell_obeys(string name, string subject) => Assert.EndsWith(
        $" --clusterrole=dynamic-toolset-discoverer {subject}",
        MissingRight.Remedy(Person(name), new AccessQuestion.OfResource("create", "toolset.kubernaut.io", "discoveries")),
        StringComparison.Ordinal);

    [Fact]
    public void Two_are_the_same_only_where_all_is_the_same()
    {
        UserInfo[] people =
        [
            Person("a"), Person("b"), Person("a") with { Uid = "1" }, Person("a") with { Groups = ["g"] }, Person("a") with { Groups = ["g", "h"] }, Person("a") with { Groups = ["gh"] },
            Person("a") with { Groups = ["g\n1:h"] }, Person("a") with { Extra = Extra("k", "v") }, Person("a") with { Extra = Extra("k", "v", "w") }, Person("a") with { Extra = Extra("kv") },
        ];
        Assert.Equal(people.Length, people.Select(p => new Caller(p).Fingerprint).Distinct().Count());
        Assert.Equal(new Caller(Person("a") with { Extra = Extra("k", "v") }).Fingerprint, new Caller(Person("a") with { Extra = Extra("k", "v") }).Fingerprint);
    }

    [Fact]
    public void A_question_without_an_answer_is_no_trouble_any_more_after_five_minutes_without_another()
    {
        var trouble = new ReviewTrouble("create tokenreviews", _time, NullLogger.Instance);
        Assert.Null(trouble.Current);
        trouble.Unanswered("first", "e");
        _time.Advance(TimeSpan.FromSeconds(200));
        trouble.Unanswered("second", "e");
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal("second", trouble.Current);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(trouble.Current);
        trouble.Unanswered("third", "e");
        Assert.Equal("third", trouble.Current);
        trouble.Answered();
        Assert.Null(trouble.Current);
    }

    private static UserInfo Person(string name) => new(name, "", [], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty);

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Extra(string key, params ImmutableArray<string> values) =>
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add(key, values);
}
