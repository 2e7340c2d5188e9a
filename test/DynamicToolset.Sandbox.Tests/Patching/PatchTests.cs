using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Patching;
using DynamicToolset.Sandbox.Schema;

namespace DynamicToolset.Sandbox.Tests.Patching;

public sealed class PatchTests
{
    // Most rows are the test cases of RFC 7396, appendix A.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_merge_patch_merges_objects_and_replaces_all_else(string target, string patch, string expected) =>
        Assert.Equal(expected, MergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch))!.ToJsonString());

    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a","value":2}]""", """{"a":2}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":null}]""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":1,"b":2}""", """[{"op":"remove","path":"/a"}]""", """{"b":2}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/1"}]""", """{"a":[1,3]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"replace","path":"/a/0","value":9}]""", """{"a":[9,2]}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a/b":1,"m~n":2}""", """[{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/m~0n","value":3}]""", """{"m~n":3}""")]
    [InlineData("""{"~1":1}""", """[{"op":"remove","path":"/~01"}]""", "{}")]
    [InlineData("""{"":1}""", """[{"op":"remove","path":"/"}]""", "{}")]
    [InlineData("""{"a":{"x":1},"b":{}}""", """[{"op":"move","from":"/a/x","path":"/b/y"}]""", """{"a":{},"b":{"y":1}}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"move","from":"/a/0","path":"/a/2"}]""", """{"a":[2,3,1]}""")]
    [InlineData("""{"a":{"x":1}}""", """[{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/y","value":2}]""", """{"a":{"x":1},"b":{"x":1,"y":2}}""")]
    [InlineData("""{"a":{"x":[1,"2",null]}}""", """[{"op":"test","path":"/a","value":{"x":[1,"2",null]}}]""", """{"a":{"x":[1,"2",null]}}""")]
    public void A_json_patch_does_its_operations_in_turn(string target, string patch, string expected) =>
        Assert.Equal(expected, JsonPatch.Apply(JsonNode.Parse(target)!, JsonNode.Parse(patch))!.ToJsonString());

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""[{"op":"test","path":"/missing","value":null}]""")]
    [InlineData("""[{"op":"remove","path":"/missing"}]""")]
    [InlineData("""[{"op":"replace","path":"/missing","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/missing/x","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/3","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/01","value":1}]""")]
    [InlineData("""[{"op":"remove","path":"/l/-"}]""")]
    [InlineData("""[{"op":"copy","from":"/missing","path":"/b"}]""")]
    [InlineData("""[{"op":"move","from":"/o","path":"/o/x"}]""")]
    [InlineData("""[{"op":"add","path":"/b"}]""")]
    [InlineData("""[{"op":"add","value":1}]""")]
    [InlineData("""[{"op":"add","path":"b","value":1}]""")]
    [InlineData("""[{"op":"other","path":"/b","value":1}]""")]
    [InlineData("""{"op":"add","path":"/b","value":1}""")]
    [InlineData("""["add"]""")]
    public void A_json_patch_that_does_not_fit_changes_nothing(string patch)
    {
        JsonNode target = JsonNode.Parse("""{"a":1,"l":[1,2],"o":{"x":{}}}""")!;
        string before = target.ToJsonString();
        Assert.Throws<PatchException>(() => JsonPatch.Apply(target, JsonNode.Parse(patch)));
        Assert.Equal(before, target.ToJsonString());
    }

    private const string Ports = """[{"name":"a","port":80},{"name":"b","port":90}]""";

    [Theory]
    [InlineData("""[{"port":90,"name":"c"}]""", """[{"name":"a","port":80},{"name":"c","port":90}]""")]
    [InlineData("""[{"port":100,"name":"c"}]""", """[{"name":"a","port":80},{"name":"b","port":90},{"port":100,"name":"c"}]""")]
    [InlineData("""[{"port":80,"$patch":"delete"}]""", """[{"name":"b","port":90}]""")]
    [InlineData("""[{"$patch":"replace"},{"port":1,"name":"x"}]""", """[{"port":1,"name":"x"}]""")]
    [InlineData("""[{"port":80,"name":null}]""", """[{"port":80},{"name":"b","port":90}]""")]
    [InlineData("""[{"port":80,"$patch":"replace","name":"only"}]""", """[{"port":80,"name":"only"},{"name":"b","port":90}]""")]
    [InlineData("[]", Ports)]
    public void Ports_are_merged_by_their_number(string patch, string expected) =>
        Assert.Equal(Spec(expected), ApplyToService(Spec(Ports), Spec(patch)));

    [Theory]
    [InlineData("""{"spec":{"$setElementOrder/ports":[{"port":90},{"port":80}]}}""", """[{"name":"b","port":90},{"name":"a","port":80}]""")]
    [InlineData(
        """{"spec":{"$setElementOrder/ports":[{"port":70},{"port":90}],"ports":[{"port":70,"name":"n"}]}}""",
        """[{"port":70,"name":"n"},{"name":"a","port":80},{"name":"b","port":90}]""")]
    [InlineData(
        """{"spec":{"$setElementOrder/ports":[{"port":90}],"ports":[{"port":80,"$patch":"delete"}]}}""", """[{"name":"b","port":90}]""")]
    public void A_patch_can_order_the_ports(string patch, string expected) => Assert.Equal(Spec(expected), ApplyToService(Spec(Ports), patch));

    [Theory]
    [InlineData("""{"metadata":{"labels":{"b":"2","a":null}}}""", """{"metadata":{"labels":{"c":"3","b":"2"}}}""")]
    [InlineData("""{"metadata":{"labels":{"$patch":"replace","x":"1"}}}""", """{"metadata":{"labels":{"x":"1"}}}""")]
    [InlineData("""{"metadata":{"labels":{"$patch":"delete"}}}""", """{"metadata":{"labels":{}}}""")]
    [InlineData("""{"metadata":{"labels":{"$retainKeys":["a","d"],"d":"4"}}}""", """{"metadata":{"labels":{"a":"1","d":"4"}}}""")]
    [InlineData("""{"metadata":{"labels":null}}""", """{"metadata":{}}""")]
    public void Maps_are_merged_and_directives_obeyed(string patch, string expected) =>
        Assert.Equal(expected, ApplyToService("""{"metadata":{"labels":{"a":"1","c":"3"}}}""", patch));

    [Theory]
    [InlineData("""{"metadata":{"finalizers":["b","c"]}}""", """["a","b","c"]""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", """["b"]""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""", """["b","c"]""")]
    [InlineData("""{"metadata":{"$setElementOrder/finalizers":["c","b","a"],"finalizers":["c"]}}""", """["c","b","a"]""")]
    public void A_set_grows_and_shrinks_value_by_value(string patch, string expected) =>
        Assert.Equal(
            $$$"""{"metadata":{"finalizers":{{{expected}}}}}""", ApplyToService("""{"metadata":{"finalizers":["a","b"]}}""", patch));

    [Theory]
    [InlineData("""{"spec":{"clusterIPs":["2"]}}""", """{"spec":{"clusterIPs":["2"]}}""")]
    public void A_list_without_merge_key_is_replaced(string patch, string expected) =>
        Assert.Equal(expected, ApplyToService("""{"spec":{"clusterIPs":["1"]}}""", patch));

    [Theory]
    [InlineData("""{"spec":{"ports":[{"name":"x"}]}}""")]
    [InlineData("""{"spec":{"$patch":"other"}}""")]
    public void A_strategic_patch_that_does_not_fit_is_refused(string patch) =>
        Assert.Throws<PatchException>(() => ApplyToService(Spec(Ports), patch));

    private static string Spec(string ports) => $$$"""{"spec":{"ports":{{{ports}}}}}""";

    private static string ApplyToService(string target, string patch) =>
        StrategicMergePatch.Apply(JsonNode.Parse(target)!.AsObject(), JsonNode.Parse(patch)!.AsObject(), KubeSchemas.Service).ToJsonString();
}
