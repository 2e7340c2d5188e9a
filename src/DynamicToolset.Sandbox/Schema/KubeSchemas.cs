using static DynamicToolset.Sandbox.Schema.FieldSchema;

namespace DynamicToolset.Sandbox.Schema;

/// <summary>The fields of the simulated objects, after https://kubernetes.io/docs/reference/kubernetes-api/.</summary>
internal static class KubeSchemas
{
    private static readonly Scalar Text = new(ScalarKind.Text);
    private static readonly Scalar KeptText = new(ScalarKind.Text, KeepsZero: true);
    private static readonly Scalar Integer = new(ScalarKind.Integer);
    private static readonly Scalar KeptInteger = new(ScalarKind.Integer, KeepsZero: true);
    private static readonly Scalar Boolean = new(ScalarKind.Boolean);
    private static readonly Scalar KeptBoolean = new(ScalarKind.Boolean, KeepsZero: true);
    private static readonly Scalar Time = new(ScalarKind.Time);
    private static readonly Scalar PortReference = new(ScalarKind.IntegerOrText);
    private static readonly Map TextMap = new(KeptText);
    private static readonly Map BytesMap = new(new Scalar(ScalarKind.Bytes, KeepsZero: true));
    private static readonly List TextList = new(KeptText);

    private static readonly Struct OwnerReference = new(
        "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
        new Field("apiVersion", 5, KeptText),
        new Field("kind", 1, KeptText),
        new Field("name", 3, KeptText),
        new Field("uid", 4, KeptText),
        new Field("controller", 6, KeptBoolean),
        new Field("blockOwnerDeletion", 7, KeptBoolean));

    private static readonly Struct ManagedFieldsEntry = new(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
        new Field("manager", 1, Text),
        new Field("operation", 2, Text),
        new Field("apiVersion", 3, Text),
        new Field("time", 4, Time),
        new Field("fieldsType", 6, Text),
        new Field("fieldsV1", 7, new Anything()),
        new Field("subresource", 8, Text));

    private static readonly Struct ObjectMeta = new(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        new Field("name", 1, Text),
        new Field("generateName", 2, Text),
        new Field("namespace", 3, Text),
        new Field("selfLink", 4, Text),
        new Field("uid", 5, Text),
        new Field("resourceVersion", 6, Text),
        new Field("generation", 7, Integer),
        new Field("creationTimestamp", 8, Time),
        new Field("deletionTimestamp", 9, Time),
        new Field("deletionGracePeriodSeconds", 10, KeptInteger),
        new Field("labels", 11, TextMap),
        new Field("annotations", 12, TextMap),
        new Field("ownerReferences", 13, new List(OwnerReference, ListKind.Associative, "uid", "uid")),
        new Field("finalizers", 14, new List(KeptText, ListKind.Set)),
        new Field("managedFields", 17, new List(ManagedFieldsEntry)));

    private static readonly Struct ServicePort = new(
        "io.k8s.api.core.v1.ServicePort",
        new Field("name", 1, Text),
        new Field("protocol", 2, Text, Default: "TCP"),
        new Field("appProtocol", 6, KeptText),
        new Field("port", 3, KeptInteger),
        new Field("targetPort", 4, PortReference),
        new Field("nodePort", 5, Integer));

    private static readonly Struct SessionAffinityConfig = new(
        "io.k8s.api.core.v1.SessionAffinityConfig",
        new Field("clientIP", 1, new Struct("io.k8s.api.core.v1.ClientIPConfig", new Field("timeoutSeconds", 1, KeptInteger))));

    private static readonly Struct ServiceSpec = new(
        "io.k8s.api.core.v1.ServiceSpec",
        new Field("ports", 1, new List(ServicePort, ListKind.Associative, "port", "port", "protocol")),
        new Field("selector", 2, TextMap),
        new Field("clusterIP", 3, Text),
        new Field("clusterIPs", 18, TextList),
        new Field("type", 4, Text),
        new Field("externalIPs", 5, TextList),
        new Field("sessionAffinity", 7, Text),
        new Field("loadBalancerIP", 8, Text),
        new Field("loadBalancerSourceRanges", 9, TextList),
        new Field("externalName", 10, Text),
        new Field("externalTrafficPolicy", 11, Text),
        new Field("healthCheckNodePort", 12, Integer),
        new Field("publishNotReadyAddresses", 13, Boolean),
        new Field("sessionAffinityConfig", 14, SessionAffinityConfig),
        new Field("ipFamilies", 19, TextList),
        new Field("ipFamilyPolicy", 17, KeptText),
        new Field("allocateLoadBalancerNodePorts", 20, KeptBoolean),
        new Field("loadBalancerClass", 21, KeptText),
        new Field("internalTrafficPolicy", 22, KeptText),
        new Field("trafficDistribution", 23, KeptText));

    private static readonly Struct LoadBalancerIngress = new(
        "io.k8s.api.core.v1.LoadBalancerIngress",
        new Field("ip", 1, Text),
        new Field("hostname", 2, Text),
        new Field("ipMode", 3, KeptText));

    private static readonly Struct Condition = new(
        "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
        new Field("type", 1, KeptText),
        new Field("status", 2, KeptText),
        new Field("observedGeneration", 3, Integer),
        new Field("lastTransitionTime", 4, Time),
        new Field("reason", 5, KeptText),
        new Field("message", 6, KeptText));

    private static readonly Struct LoadBalancerStatus = new(
        "io.k8s.api.core.v1.LoadBalancerStatus",
        new Field("ingress", 1, new List(LoadBalancerIngress)));

    private static readonly Struct ServiceStatus = new(
        "io.k8s.api.core.v1.ServiceStatus",
        new Field("loadBalancer", 1, LoadBalancerStatus, Always: true),
        new Field("conditions", 2, new List(Condition, ListKind.Associative, "type", "type")));

    public static Struct ConfigMap { get; } = Object(
        "io.k8s.api.core.v1.ConfigMap",
        new Field("immutable", 4, KeptBoolean),
        new Field("data", 2, TextMap),
        new Field("binaryData", 3, BytesMap));

    public static Struct Service { get; } = Object(
        "io.k8s.api.core.v1.Service",
        new Field("spec", 2, ServiceSpec, Always: true),
        new Field("status", 3, ServiceStatus, Always: true));

    public static Struct Namespace { get; } = Object(
        "io.k8s.api.core.v1.Namespace",
        new Field("spec", 2, new Struct("io.k8s.api.core.v1.NamespaceSpec", new Field("finalizers", 1, TextList)), Always: true),
        new Field("status", 3, new Struct("io.k8s.api.core.v1.NamespaceStatus", new Field("phase", 1, Text)), Always: true));

    /// <summary>The body of a DELETE.</summary>
    public static Struct DeleteOptions { get; } = new(
        "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
        new Field("gracePeriodSeconds", 1, KeptInteger),
        new Field(
            "preconditions",
            2,
            new Struct("io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions", new Field("uid", 1, KeptText), new Field("resourceVersion", 2, KeptText))),
        new Field("propagationPolicy", 4, KeptText),
        new Field("dryRun", 5, TextList));

    /// <summary>Only what a list of events needs: none is ever kept.</summary>
    public static Struct Event { get; } = Object("io.k8s.api.core.v1.Event");

    private static Struct Object(string definition, params Field[] fields) => new(
        definition,
        [new Field("kind", 0, Text), new Field("apiVersion", 0, Text), new Field("metadata", 1, ObjectMeta, Always: true), .. fields]);
}
