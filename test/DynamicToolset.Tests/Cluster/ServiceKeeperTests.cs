using DynamicToolset.Cluster;
using DynamicToolset.Manifests;

namespace DynamicToolset.Tests.Cluster;

public sealed class ServiceKeeperTests
{
    [Theory]
    [InlineData("labels: {app.kubernetes.io/managed-by: Helm}", "Helm")]
    [InlineData("labels: {app.kubernetes.io/managed-by: prometheus-operator}", "prometheus-operator")]
    [InlineData("labels: {app.kubernetes.io/managed-by: 'a b'}", "\"a b\"")]
    [InlineData("labels: {heritage: Tiller, chart: x-1}", "Helm")]
    [InlineData("labels: {helm.sh/chart: x-1}", "Helm")]
    [InlineData("annotations: {meta.helm.sh/release-name: x}", "Helm")]
    [InlineData("labels: {argocd.argoproj.io/instance: x}", "Argo CD")]
    [InlineData("annotations: {argocd.argoproj.io/tracking-id: 'x:/Service:a/b'}", "Argo CD")]
    [InlineData("labels: {kustomize.toolkit.fluxcd.io/name: x}", "Flux")]
    [InlineData("labels: {helm.toolkit.fluxcd.io/name: x}", "Flux")]
    [InlineData("labels: {addonmanager.kubernetes.io/mode: Reconcile}", "the add-on manager")]
    [InlineData("annotations: {objectset.rio.cattle.io/id: x}", "Rancher")]
    [InlineData("labels: {olm.owner: x}", "the Operator Lifecycle Manager")]
    [InlineData("labels: {operators.coreos.com/x.y: ''}", "the Operator Lifecycle Manager")]
    [InlineData("labels: {operated-prometheus: 'true'}", "an operator")]
    [InlineData("annotations: {operator-sdk/primary-resource: x/y}", "an operator")]
    [InlineData("ownerReferences: [{apiVersion: a/v1, kind: Grafana, name: g, uid: u, controller: true}]", "the controller that owns it")]
    [InlineData("ownerReferences: [{kind: A, controller: false}, {kind: B, controller: true}]", "the controller that owns it")]
    [InlineData("ownerReferences: [{kind: A}]", null)]
    [InlineData("ownerReferences: []", null)]
    [InlineData("labels: {app.kubernetes.io/managed-by: ''}", null)]
    [InlineData("labels: {app: operator, helm: x, app.kubernetes.io/instance: x, app.kubernetes.io/part-of: argocd}", null)]
    [InlineData("annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}", null)]
    public void Who_keeps_a_Service_shows_in_its_metadata(string metadata, string? keeper) =>
        Assert.Equal(keeper, ServiceKeeper.Of(Assert.Single(ServiceManifests.Read($"kind: Service\nmetadata: {{name: a, {metadata}}}").Services)));
}
