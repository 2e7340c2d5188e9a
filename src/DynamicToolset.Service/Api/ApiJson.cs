using System.Text.Json.Serialization;
using DynamicToolset.Service.Explaining;
using DynamicToolset.Service.Http;

namespace DynamicToolset.Service.Api;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, Converters = [typeof(Rfc3339Time)])]
[JsonSerializable(typeof(ToolsetList))]
[JsonSerializable(typeof(ToolsetDocument))]
[JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ExplainedServices))]
[JsonSerializable(typeof(DiscoveryRequest))]
[JsonSerializable(typeof(DiscoveryAccepted))]
[JsonSerializable(typeof(DiscoveryDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;
