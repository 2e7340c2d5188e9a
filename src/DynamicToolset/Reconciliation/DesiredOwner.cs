using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Cluster;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Decides to whom the ConfigMap belongs:
/// <code>
/// the Deployment                    | the reference to it           | warning
/// is not wanted as owner            | taken away                    | no
/// is in another namespace           | taken away                    | yes
/// is not there                      | taken away                    | yes
/// is there, with another controller | taken away                    | yes
/// is there                          | made right: one, its uid      | no
/// is being deleted                  | left as it is, none is added  | yes
/// may not be read                   | left as it is, none is added  | yes
/// any, and the change is refused    | left as it is, none is added  | yes
/// is not known yet                  | left as it is, none is added  | no
/// </code>
/// A reference to a Deployment that is gone or elsewhere would have the ConfigMap collected as garbage, and the admin's overrides with it.
/// See https://kubernetes.io/docs/concepts/architecture/garbage-collection/.
/// </summary>
/// <param name="Deployment">Its name; it is looked for in the namespace of the ConfigMap.</param>
public sealed record DesiredOwner(string Deployment, OwnerState State)
{
    /// <summary>Whatever owners are there stay.</summary>
    public static DesiredOwner Unknown { get; } = new("", new OwnerState.Unknown());

    /// <param name="present">The owners that the ConfigMap has; none where it is yet to be created.</param>
    public OwnerChoice Choose(ImmutableArray<OwnerReference> present) => State switch
    {
        OwnerState.SwitchedOff => new OwnerChoice(OthersOf(present), null),
        OwnerState.InOtherNamespace pod => new OwnerChoice(OthersOf(present), new OwnerWarning(
            OwnerProblem.OtherNamespace,
            $"The service runs in the namespace {pod.Namespace}, but an owner must be in that of the ConfigMap: set OWNER_REFERENCE_ENABLED=false.")),
        OwnerState.Missing => new OwnerChoice(OthersOf(present), new OwnerWarning(
            OwnerProblem.NoDeployment,
            $"There is no Deployment {Deployment} in the namespace of the ConfigMap: set OWNER_DEPLOYMENT to its name, or OWNER_REFERENCE_ENABLED=false.")),
        OwnerState.BeingDeleted => new OwnerChoice(present, new OwnerWarning(
            OwnerProblem.NoDeployment, $"The Deployment {Deployment} is being deleted.")),
        OwnerState.Forbidden forbidden => new OwnerChoice(present, new OwnerWarning(OwnerProblem.Forbidden, forbidden.Error, forbidden.MissingRight)),
        OwnerState.Refused refused => new OwnerChoice(present, new OwnerWarning(OwnerProblem.Refused, Describe(refused), refused.MissingRight)),
        OwnerState.Found found => Adopt(found.Uid, present),
        OwnerState.Unknown => new OwnerChoice(present, null),
        _ => throw new UnreachableException(),
    };

    private static string Describe(OwnerState.Refused refused)
    {
        string why = refused.MissingRight is { } right
            ? $"the permission is missing to {right} ({refused.Error})"
            : $"{refused.Error}; docs/ownership.md says which permission is needed, and what to do without it";
        return $"The API server refuses to change the owners, so they stay as they are: {why}.";
    }

    private OwnerChoice Adopt(string uid, ImmutableArray<OwnerReference> present)
    {
        bool IsOurs(OwnerReference owner) => owner.Uid == uid || owner.IsToDeployment(Deployment);

        if (present.FirstOrDefault(o => o.Controller == true && !IsOurs(o)) is { } controller)
        {
            return new OwnerChoice([.. present.Where(o => !IsOurs(o))], new OwnerWarning(
                OwnerProblem.OtherController,
                $"The ConfigMap has another controller, {controller}: remove that owner reference, or set OWNER_REFERENCE_ENABLED=false."));
        }

        OwnerReference ours = OwnerReference.ToDeployment(Deployment, uid);
        int place = present.TakeWhile(o => !IsOurs(o)).Count();
        return new OwnerChoice([.. present.Take(place), ours, .. present.Skip(place).Where(o => !IsOurs(o))], null);
    }

    private ImmutableArray<OwnerReference> OthersOf(ImmutableArray<OwnerReference> present) => [.. present.Where(o => !o.IsToDeployment(Deployment))];
}
