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
    private static readonly Scalar MicroTime = new(ScalarKind.MicroTime);
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

    private static readonly Struct ObjectReference = new(
        "io.k8s.api.core.v1.ObjectReference",
        new Field("kind", 1, Text),
        new Field("namespace", 2, Text),
        new Field("name", 3, Text),
        new Field("uid", 4, Text),
        new Field("apiVersion", 5, Text),
        new Field("resourceVersion", 6, Text),
        new Field("fieldPath", 7, Text));

    private static readonly Struct LocalObjectReference = new("io.k8s.api.core.v1.LocalObjectReference", new Field("name", 1, Text));

    private static readonly Struct EventSource = new(
        "io.k8s.api.core.v1.EventSource",
        new Field("component", 1, Text),
        new Field("host", 2, Text));

    private static readonly Struct EventSeries = new(
        "io.k8s.api.core.v1.EventSeries",
        new Field("count", 1, Integer),
        new Field("lastObservedTime", 2, MicroTime));

    private static readonly Struct Selector = new(
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
        new Field("matchLabels", 1, TextMap),
        new Field(
            "matchExpressions",
            2,
            new List(new Struct(
                "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
                new Field("key", 1, KeptText),
                new Field("operator", 2, KeptText),
                new Field("values", 3, TextList)))));

    private static readonly Field Rules = new(
        "rules",
        2,
        new List(new Struct(
            "io.k8s.api.rbac.v1.PolicyRule",
            new Field("verbs", 1, TextList),
            new Field("apiGroups", 2, TextList),
            new Field("resources", 3, TextList),
            new Field("resourceNames", 4, TextList),
            new Field("nonResourceURLs", 5, TextList))));

    private static readonly Field Subjects = new(
        "subjects",
        2,
        new List(new Struct(
            "io.k8s.api.rbac.v1.Subject",
            new Field("kind", 1, Text),
            new Field("apiGroup", 2, Text),
            new Field("name", 3, Text),
            new Field("namespace", 4, Text))));

    private static readonly Field RoleRef = new(
        "roleRef",
        3,
        new Struct(
            "io.k8s.api.rbac.v1.RoleRef",
            new Field("apiGroup", 1, Text),
            new Field("kind", 2, Text),
            new Field("name", 3, Text)),
        Always: true);

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

    /// <summary>Without the reference to a pod or secret: nothing here would end the token with it.</summary>
    public static Struct TokenRequest { get; } = Object(
        "io.k8s.api.authentication.v1.TokenRequest",
        new Field(
            "spec",
            2,
            new Struct(
                "io.k8s.api.authentication.v1.TokenRequestSpec",
                new Field("audiences", 1, TextList),
                new Field("expirationSeconds", 4, KeptInteger)),
            Always: true));

    public static Struct TokenReview { get; } = Object(
        "io.k8s.api.authentication.v1.TokenReview",
        new Field(
            "spec",
            2,
            new Struct("io.k8s.api.authentication.v1.TokenReviewSpec", new Field("token", 1, Text), new Field("audiences", 2, TextList)),
            Always: true));

    public static Struct SelfSubjectRulesReview { get; } = Object(
        "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
        new Field(
            "spec", 2, new Struct("io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec", new Field("namespace", 1, Text)), Always: true));

    /// <summary>Also of a SelfSubjectAccessReview, which has the first two fields alone.</summary>
    public static Struct SubjectAccessReview { get; } = Object(
        "io.k8s.api.authorization.v1.SubjectAccessReview",
        new Field(
            "spec",
            2,
            new Struct(
                "io.k8s.api.authorization.v1.SubjectAccessReviewSpec",
                new Field(
                    "resourceAttributes",
                    1,
                    new Struct(
                        "io.k8s.api.authorization.v1.ResourceAttributes",
                        new Field("namespace", 1, Text),
                        new Field("verb", 2, Text),
                        new Field("group", 3, Text),
                        new Field("version", 4, Text),
                        new Field("resource", 5, Text),
                        new Field("subresource", 6, Text),
                        new Field("name", 7, Text))),
                new Field(
                    "nonResourceAttributes",
                    2,
                    new Struct("io.k8s.api.authorization.v1.NonResourceAttributes", new Field("path", 1, Text), new Field("verb", 2, Text))),
                new Field("user", 3, Text),
                new Field("groups", 4, TextList),
                new Field("uid", 6, Text)),
            Always: true));

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

    public static Struct Event { get; } = Object(
        "io.k8s.api.core.v1.Event",
        new Field("involvedObject", 2, ObjectReference, Always: true),
        new Field("reason", 3, Text),
        new Field("message", 4, Text),
        new Field("source", 5, EventSource, Always: true),
        new Field("firstTimestamp", 6, Time),
        new Field("lastTimestamp", 7, Time),
        new Field("count", 8, Integer),
        new Field("type", 9, Text),
        new Field("eventTime", 10, MicroTime),
        new Field("series", 11, EventSeries),
        new Field("action", 12, Text),
        new Field("related", 13, ObjectReference),
        new Field("reportingComponent", 14, KeptText),
        new Field("reportingInstance", 15, KeptText));

    public static Struct Lease { get; } = Object(
        "io.k8s.api.coordination.v1.Lease",
        new Field(
            "spec",
            2,
            new Struct(
                "io.k8s.api.coordination.v1.LeaseSpec",
                new Field("holderIdentity", 1, KeptText),
                new Field("leaseDurationSeconds", 2, KeptInteger),
                new Field("acquireTime", 3, MicroTime),
                new Field("renewTime", 4, MicroTime),
                new Field("leaseTransitions", 5, KeptInteger),
                new Field("strategy", 6, KeptText),
                new Field("preferredHolder", 7, KeptText)),
            Always: true));

    /// <summary>The pod template is kept as it comes: there is nothing here that would run it.</summary>
    public static Struct Deployment { get; } = Object(
        "io.k8s.api.apps.v1.Deployment",
        new Field(
            "spec",
            2,
            new Struct(
                "io.k8s.api.apps.v1.DeploymentSpec",
                new Field("replicas", 1, KeptInteger),
                new Field("selector", 2, Selector),
                new Field("template", 3, new Anything()),
                new Field("strategy", 4, new Anything()),
                new Field("minReadySeconds", 5, Integer),
                new Field("revisionHistoryLimit", 6, KeptInteger),
                new Field("paused", 7, Boolean),
                new Field("progressDeadlineSeconds", 9, KeptInteger)),
            Always: true),
        new Field(
            "status",
            3,
            new Struct(
                "io.k8s.api.apps.v1.DeploymentStatus",
                new Field("observedGeneration", 1, Integer),
                new Field("replicas", 2, Integer),
                new Field("updatedReplicas", 3, Integer),
                new Field("readyReplicas", 7, Integer),
                new Field("availableReplicas", 4, Integer)),
            Always: true));

    public static Struct NetworkPolicy { get; } = Object("io.k8s.api.networking.v1.NetworkPolicy", new Field("spec", 2, new Anything()));

    public static Struct PodDisruptionBudget { get; } = Object("io.k8s.api.policy.v1.PodDisruptionBudget", new Field("spec", 2, new Anything()));

    public static Struct ServiceAccount { get; } = Object(
        "io.k8s.api.core.v1.ServiceAccount",
        new Field("secrets", 2, new List(ObjectReference, ListKind.Associative, "name", "name")),
        new Field("imagePullSecrets", 3, new List(LocalObjectReference)),
        new Field("automountServiceAccountToken", 4, KeptBoolean));

    public static Struct Role { get; } = Object("io.k8s.api.rbac.v1.Role", Rules);

    public static Struct ClusterRole { get; } = Object(
        "io.k8s.api.rbac.v1.ClusterRole", Rules, new Field("aggregationRule", 3, new Anything()));

    public static Struct RoleBinding { get; } = Object("io.k8s.api.rbac.v1.RoleBinding", Subjects, RoleRef);

    public static Struct ClusterRoleBinding { get; } = Object("io.k8s.api.rbac.v1.ClusterRoleBinding", Subjects, RoleRef);

    private static Struct Object(string definition, params Field[] fields) => new(
        definition,
        [new Field("kind", 0, Text), new Field("apiVersion", 0, Text), new Field("metadata", 1, ObjectMeta, Always: true), .. fields]);
}
