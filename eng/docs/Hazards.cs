using System.Collections.Immutable;

namespace DynamicToolset.Docs;

/// <summary>What may go wrong, what the service does then, and what shows it: <c>docs/reliability.md</c> is made of this.</summary>
internal static class Hazards
{
    /// <summary>All that are known, by what they are about.</summary>
    public static ImmutableArray<(string About, ImmutableArray<Hazard> Hazards)> All { get; } =
    [
        ("The API server fails, lags or is replaced",
        [
            new("H1", "A failed read looks like an empty cluster",
                "If the service took a refused or broken list for \"there is nothing\", every toolset would go.",
                "Only a complete list or an event of a watch removes anything. Every fault was tried with every request of the service: once, for minutes, and from the start on.",
                [
                    Service("FaultMatrixTests.A_fault_that_lasts_for_minutes_takes_nothing_away_and_passes", "a-refused-watch-forgets-what-it-knew"),
                    Kubernetes("InformerTests.A_list_that_fails_after_an_expired_version_leaves_what_was_known", "failed-list-is-an-empty-one"),
                    Service("ApiServerFaultTests.An_API_server_that_is_killed_and_comes_back_costs_one_repair_and_nothing_else", "a-broken-watch-is-an-empty-cluster"),
                ]),
            new("H3", "The resourceVersion of a watch has expired",
                "The API server says so by a status or inside the watch. A client that handles only one form is stuck, or lists again and again.",
                "Either form causes exactly one list, and what was deleted meanwhile is removed.",
                [
                    Kubernetes("InformerTests.An_expired_version_causes_exactly_one_list_and_what_was_deleted_meanwhile_is_gone", "expired-watch-is-not-listed-anew"),
                    Kubernetes("SimulatedHttpContract.A_watch_from_an_expired_version_is_gone", "error-events-are-passed-over"),
                ]),
            new("H4", "A deletion is missed while the watch is interrupted",
                "The cache keeps the deleted Service, and its toolset stays for ever.",
                "A list replaces the whole cache. After any order of events, gaps and lists the cache is what the API server has.",
                [Kubernetes("SimulatedClusterTests.The_copy_equals_the_store_after_whatever_happened_to_the_watch", "relist-keeps-what-is-gone")]),
            new("H5", "A watch falls silent without an error",
                "The connection is dead, and changes are not seen for hours.",
                "A peer that does not answer pings is given up within half a minute, and so is a watch that outlasts its time. Readiness says \"stale\" after ten minutes; there is no restart.",
                [
                    Kubernetes("Http2Tests.A_peer_that_is_gone_without_a_word_is_noticed_within_a_minute_however_long_a_watch_lasts", "nobody-asks-whether-the-peer-lives"),
                    Service("ReadinessTests.What_nothing_was_heard_of_for_ten_minutes_is_called_stale_and_leaves_the_service_ready", "what-is-stale-is-not-told"),
                ]),
            new("H6", "Watches are closed as soon as they are opened",
                "If each is opened again at once, the API server gets no rest.",
                "An accepted watch is not yet a success: the pauses grow, to at most 40 requests in ten minutes.",
                [Kubernetes("InformerTests.A_thousand_watches_that_are_closed_at_once_make_at_most_forty_requests_in_ten_minutes", "to-be-accepted-counts-as-success")]),
            new("H7", "All clients return at once when the API server is back",
                "Clients that were cut off together list everything together, and bring it down again.",
                "A watch continues from its resourceVersion. Only if that has expired each kind is listed, once. Each pause has jitter.",
                [
                    Kubernetes("OutageTests.After_five_minutes_without_the_API_server_nothing_is_listed_anew_where_it_still_knows_the_version", "an-outage-ends-with-a-list"),
                    Kubernetes("OutageTests.Clients_that_lost_the_same_API_server_do_not_return_together", "waits-leave-nothing-to-chance"),
                ]),
            new("H8", "The API server asks clients to wait",
                "A client that ignores this keeps it from recovering; a client that believes any number sleeps for days.",
                "The service understands seconds and dates. It waits for the longer of that time and its own backoff, but for a minute at most.",
                [
                    Kubernetes("RefusalTests.How_long_to_wait_is_read_from_seconds_and_dates_and_the_longer_counts", "a-date-to-come-back-at-is-not-read"),
                    Kubernetes("BackoffTests.A_longer_wait_that_was_asked_for_is_kept_and_a_shorter_one_is_not", "retry-after-is-not-waited-for"),
                    Kubernetes("RefusalTests.How_long_to_wait_is_read_from_seconds_and_dates_and_the_longer_counts", "absurd-waits-are-waited-for"),
                ]),
            new("H33", "A permission is missing",
                "\"Forbidden\" looks like \"nothing found\", and nobody knows what to grant.",
                "The log names each missing permission with the manifest that grants it, and readiness those without which the service cannot work. Existing data stay.",
                [
                    Service("FaultMatrixTests.Each_right_that_is_missing_is_named_with_the_manifest_that_grants_it", "a-missing-right-is-only-a-status"),
                    Service("ReadinessTests.Readiness_names_the_right_that_is_missing_and_the_manifest_that_grants_it", "readiness-names-no-right"),
                    Service("ClusterFaultTests.Rights_that_are_withdrawn_take_nothing_away_over_a_restart_and_with_their_return_all_is_repaired", "a-forbidden-list-is-an-empty-one"),
                ]),
            new("H38", "The simulated API server differs from a real one",
                "Tests pass, but the cluster behaves differently.",
                "The same facts are proved on the simulated server, in process, over HTTP and over HTTPS, and on a real kube-apiserver.",
                [
                    Kubernetes("SimulatedHttpContract.A_Lease_that_is_there_is_not_created_and_stays", "a-Lease-is-created-over-another"),
                    Kubernetes("SimulatedStoreContract.A_Lease_that_is_there_is_not_created_and_stays", "a-Lease-is-created-over-another"),
                ]),
            new("H39", "One API server lags behind the others",
                "After a reconnect it shows older data than before, and the ConfigMap goes back in time.",
                "Lists are read from the store, never from a cache. A version that is not reached yet counts as expired, and an older copy of the ConfigMap is ignored.",
                [
                    Kubernetes("ServiceListTests.Pages_are_joined_and_the_version_of_the_first_counts", "lists-come-from-a-cache"),
                    Pure("ConfigMapViewTests.The_newest_is_told_from_what_comes_late", "late-versions-are-news"),
                    Kubernetes("ConfigMapSourceTests.A_list_that_an_answer_overtook_is_asked_for_once_more", "an-overtaken-list-counts"),
                ]),
        ]),
        ("Writing the ConfigMap",
        [
            new("H2", "A restart or a new leader empties the ConfigMap",
                "The first write comes before anything was read or checked.",
                "Nothing is written before everything was read once. Endpoints in the ConfigMap count as healthy until their first check.",
                [
                    Pure("RoundTests.A_restart_takes_nothing_away_before_the_first_checks_have_ended", "assumed-health-is-forgotten"),
                    Pure("LeadershipTests.Nor_does_it_go_where_the_take_over_is_in_the_same_round_as_the_news_of_it", "a-take-over-forgets-what-is-in-place"),
                ]),
            new("H9", "The service triggers itself",
                "Its own write, or text that is generated in another order, is a difference again, without end.",
                "The service compares the existing content before each write. A thousand rounds, and changes of others next to our keys, cause no write.",
                [
                    Service("FightTests.A_thousand_looks_and_the_events_of_strangers_are_no_write", "every-look-is-a-write"),
                    Service("ControllerTests.A_write_is_looked_at_once_more_and_its_echo_not_at_all", "echoes-take-a-round"),
                ]),
            new("H10", "Another controller wants other content for the same key",
                "The two undo each other's writes as fast as they can.",
                "The service writes at most 50 times in ten minutes, and names the other writer in log and Event.",
                [
                    Pure("FightTrackerTests.An_opponent_who_writes_every_100_ms_for_ten_minutes_gets_at_most_50_answers", "fights-are-not-slowed"),
                    Pure("FightTrackerTests.The_opponent_is_named_as_long_as_it_was_ever_known_and_the_next_correction_has_its_time", "the-opponent-is-not-named"),
                    Service("ClusterFaultTests.Who_undoes_every_repair_is_named_and_answered_ever_more_seldom", "a-rival-is-answered-each-time"),
                ]),
            new("H11", "A write is based on an outdated copy",
                "What an admin wrote a moment ago is overwritten.",
                "A write carries the resourceVersion that it is based on; if it is refused, it is computed again. Somebody who annotates the ConfigMap all the time cannot block our writes.",
                [Service("ControllerTests.An_edit_between_reading_and_writing_is_kept", "an-edit-is-overwritten-at-any-version")]),
            new("H12", "The admin's overrides are lost",
                "They are written back changed, or are deleted with the ConfigMap.",
                "No update contains them, whatever their bytes. After a deletion they come back as they were last seen.",
                [
                    Pure("PlanProperties.P4_No_plan_changes_the_admin_s_text", "overrides-are-in-the-patch"),
                    Pure("RoundTests.What_an_admin_wrote_just_before_the_deletion_and_no_round_saw_comes_back", "last-words-are-forgotten"),
                    Service("ClusterFaultTests.A_ConfigMap_that_is_deleted_as_soon_as_it_is_back_keeps_the_overrides", "a-deletion-takes-the-overrides"),
                    Service("ClusterFaultTests.GitOps_owns_the_overrides_beside_the_service_and_drops_them_without_a_conflict", "overrides-that-came-back-are-ours"),
                ]),
            new("H18", "The content is larger than a ConfigMap may be",
                "Every write is refused, and nothing is updated any more.",
                "Custom toolsets are added last, the namespaces taking turns, and those that do not fit are listed. If even the rest does not fit, nothing is written, and the reason is shown.",
                [
                    Pure("PackingTests.Namespaces_with_thousands_leave_the_others_theirs", "namespaces-do-not-take-turns"),
                    Pure("ConfigMapPlannerTests.A_ConfigMap_that_would_be_too_large_is_not_created", "the-size-does-not-matter"),
                ]),
            new("H19", "The ConfigMap cannot be changed, or belongs to somebody else",
                "The same write is refused again and again.",
                "An immutable ConfigMap is left alone until somebody deletes it. If there is another controller, the data are written without our owner reference. Both are reported.",
                [
                    Pure("ConfigMapPlannerTests.What_is_observed_decides_the_one_next_step", "immutable-is-patched"),
                    Pure("DesiredOwnerTests.What_is_known_of_the_Deployment_decides_about_the_owners", "an-unknown-Deployment-is-taken-for-missing"),
                ]),
            new("H20", "Garbage collection deletes the ConfigMap",
                "Its owner is a Deployment that no longer exists, or one in another namespace.",
                "A recreated Deployment is adopted with one write. A Deployment in another namespace is never the owner.",
                [
                    Service("OwnerTests.A_Deployment_that_was_made_anew_is_adopted_by_one_write", "an-owner-of-the-same-name-will-do"),
                    Service("OwnerTests.A_ConfigMap_that_was_collected_with_its_owner_comes_back_with_the_present_one_at_once", "a-ConfigMap-comes-back-with-its-old-owner"),
                    Service("OwnerTests.A_Deployment_that_is_made_anew_while_the_ConfigMap_is_away_owns_it_as_soon_as_it_is_back", "a-Deployment-that-is-back-late-waits-for-its-turn"),
                    Service("OwnerTests.In_another_namespace_than_the_ConfigMap_it_is_never_the_owner", "an-owner-in-another-namespace-is-looked-for"),
                    Service("CollectionFaultTests.A_ConfigMap_that_is_collected_with_its_Deployment_comes_back_and_belongs_to_the_next_one", "a-collected-ConfigMap-belongs-to-the-Deployment-of-before"),
                ]),
            new("H29", "An upgrade changes thousands of Services",
                "Each event causes a round and a write.",
                "A change of a label that no rule reads is ignored. A few rounds begin at once, then one every quarter of a second; what appears together is written together.",
                [
                    Service("StormTests.Two_thousand_Services_that_change_and_fifty_backends_that_appear_are_a_few_writes", "a-storm-is-answered-round-by-round"),
                    Pure("RoundTests.A_Service_that_changes_in_nothing_that_a_rule_reads_is_checked_no_sooner", "unread-labels-are-news"),
                ]),
            new("H35", "A consumer reads half of a change",
                "It sees old and new toolsets mixed.",
                "A change is one write to one object. The kubelet never updates a mount of a single file: [the page on HolmesGPT](holmesgpt.md) says so.",
                [Pure("PlanProperties.P2_P3_One_write_reaches_a_state_that_needs_no_other", "one-key-is-written-at-a-time")]),
            new("H36", "Two backends want one name",
                "A newcomer, or a tenant, displaces the one that is used.",
                "The holder of a name keeps it, and a custom toolset never gets the name of a type.",
                [
                    Pure("NameResolverTests.The_order_is_preferred_namespace_then_rule_then_incumbent_then_name", "the-incumbent-is-forgotten"),
                    Pure("NameResolverTests.A_custom_Service_that_bears_a_built_in_name_does_not_become_that_toolset", "a-custom-name-takes-a-type"),
                ]),
        ]),
        ("Several replicas",
        [
            new("H13", "Two replicas lead at once",
                "One was paused or renewed too slowly, wakes up, and writes next to its successor.",
                "The permission to write ends with the term, before others may take over. The first write of a term changes the resourceVersion, so any late write of an earlier leader is refused.",
                [
                    Service("LeaderElectorTests.Whoever_asks_in_the_name_of_a_term_that_is_over_is_refused_before_anybody_has_noticed", "a-permit-outlives-the-term"),
                    Service("SimulationTests.There_are_never_two_writers_and_never_none_and_nothing_is_lost", "a-term-writes-without-its-fence"),
                ]),
            new("H14", "No replica leads any more",
                "The election ended with an unexpected error.",
                "The election survives every error of every request, and every loss of a term.",
                [
                    Service("LeaderElectorTests.Whatever_goes_wrong_with_whichever_request_at_the_start_it_leads_soon", "a-fault-in-a-write-ends-the-election"),
                    Service("StoreFaultTests.A_store_that_stands_still_for_longer_than_a_term_costs_one_repair_and_nothing_else", "who-lost-the-Lease-never-stands-again"),
                ]),
            new("H15", "The Lease is released during a write",
                "The successor writes, and then the old write arrives.",
                "The Lease is released after the last write has ended, and not before.",
                [Service("ReplicaTests.The_Lease_is_given_back_when_the_write_has_ended_and_not_before", "the-Lease-is-given-back-before-the-work-has-ended")]),
            new("H16", "Clocks differ, jump or run at different rates",
                "A Lease that was just renewed looks old.",
                "Each replica measures with its own monotonic clock, from the change that it saw. One clock may run a third faster than another.",
                [
                    Service("LeaderElectorTests.A_wall_clock_that_is_set_is_nothing_to_anybody", "the-election-goes-by-the-wall-clock"),
                    Pure("ElectionTests.The_clock_of_a_follower_may_run_faster_by_a_third", "a-follower-takes-over-as-soon-as-a-leader-may-have-stopped"),
                ]),
            new("H17", "A takeover is slower than promised",
                "Drift is not repaired while nobody leads.",
                "It takes a second after a stop, since the Lease is released, and 15 seconds after a crash.",
                [Service("LeaderElectorTests.Who_stops_gives_the_Lease_back_and_another_leads_at_once", "a-Lease-is-not-given-back")]),
        ]),
        ("Health checks",
        [
            new("H25", "All checks fail at once",
                "A network policy or DNS problem on our side, and every toolset goes.",
                "Nothing is removed then, and this is reported. A backend that fails while another one passes is removed.",
                [Pure("RoundTests.When_every_check_fails_toolsets_names_and_overrides_stay_and_one_problem_says_so", "the-panic-rule-is-not-asked")]),
            new("H26", "A backend answers only sometimes",
                "Its toolset comes and goes with each check.",
                "A toolset is removed after two failed checks in a row; alternating answers change nothing.",
                [Pure("HealthPolicyTests.One_outcome_never_flips_healthy_to_unhealthy_with_the_default_thresholds", "one-failed-check-is-enough")]),
            new("H27", "Backends hang",
                "Checks use up all sockets, or repairs wait for them.",
                "Checks have their own loop with a limited number in flight. A repair never waits for a check.",
                [
                    Service("ProbeLoopTests.Over_real_sockets_five_hundred_hanging_backends_hold_sixteen_connections", "any-number-of-checks-runs-at-once"),
                    Pure("RoundTests.A_repair_waits_for_no_check", "gathering-holds-repairs"),
                ]),
        ]),
        ("Input from tenants and files",
        [
            new("H23", "A Service directs the checks somewhere else",
                "An annotation, a redirect or a name that resolves to something else makes us call cloud metadata or the API server.",
                "The URL has a fixed form, the address is checked when connecting, redirects are not followed, and no byte of an answer is shown.",
                [
                    Service("HostileBackendTests.No_endpoint_made_by_hand_gets_a_connection", "any-address-is-connected-to"),
                    Service("HttpProberTests.A_redirect_is_not_followed", "redirects-are-followed"),
                    Service("HostileServiceTests.A_hostile_Service_is_left_out_or_leads_to_itself_alone", "paths-may-name-a-host"),
                    Pure("CheckWaysTests.What_is_closed_stays_closed", "any-form-is-open"),
                    Pure("ProbeOutcomeTests.Of_what_a_backend_sent_nothing_is_shown_but_the_status_code", "words-of-a-backend-are-shown"),
                ]),
            new("H24", "A name or a label changes the meaning of the YAML",
                "A line break or a quote in it adds keys of a tenant's choice.",
                "Names have a grammar, and every text is written so that two YAML readers return it unchanged.",
                [
                    Pure("YamlProperties.P9_Every_string_survives_as_a_value_and_as_a_key", "words-are-not-quoted"),
                    Pure("ToolsetYamlTests.A_text_is_always_in_double_quotes_and_what_a_reader_may_refuse_is_escaped", "line-separators-are-not-escaped"),
                ]),
            new("H28", "A rule file is wrong, or half written",
                "Detection stops, or silently finds nothing.",
                "The last good rules stay in force, and every error is reported. A file that is being written is not read until it is complete. Regular expressions that may be slow are refused.",
                [
                    Service("RuleLoopTests.A_file_that_is_being_copied_slowly_is_not_taken_up_half", "half-a-file-of-rules-is-taken-up"),
                    Service("MountedDirectoryTests.A_swap_in_the_middle_of_a_reading_never_gives_half_of_two_sets", "half-of-two-sets-of-rules-is-read"),
                    Pure("RuleSetTests.A_bad_set_leaves_the_last_good_one_in_force", "a-bad-set-of-rules-empties-them"),
                    Pure("RuleParserTests.An_expression_that_is_none_or_may_be_slow_is_refused", "expressions-may-go-back"),
                ]),
            new("H30", "A cluster, or an object, is larger than the memory",
                "The process is killed, restarts, and is killed again.",
                "Lists are read in pages, and only the relevant parts of an object are kept; everything has a [bound](bounds.md). `make bench ONLY=memory` measures the memory.",
                [Kubernetes("ServiceFuzzTests.Whatever_Services_the_API_server_sends_are_read_or_refused_and_little_of_them_is_held", "any-number-of-ports-is-held")]),
        ]),
        ("The process",
        [
            new("H21", "The token is replaced, or refused",
                "The old one is sent until somebody restarts the pod.",
                "The file is read again every ten seconds, and at once if its token is refused.",
                [
                    Kubernetes("CredentialTests.A_rotated_token_file_is_read_again_within_a_minute", "a-token-file-is-read-once"),
                    Kubernetes("CredentialTests.Rotation_every_five_seconds_fails_no_request", "refused-token-is-not-read-again"),
                    Service("ClusterFaultTests.A_token_that_is_replaced_again_and_again_and_each_time_dies_costs_nothing", "a-token-lasts-as-long-as-the-process"),
                ]),
            new("H22", "The certificate authority is replaced",
                "The API server is not trusted until somebody restarts the pod.",
                "The next request uses the new bundle. If the file is half written, the old one stays in force.",
                [
                    Kubernetes("TlsTests.A_new_authority_in_the_bundle_file_is_accepted_without_a_restart", "a-new-authority-is-passed-over"),
                    Service("ApiServerFaultTests.A_certificate_authority_that_is_replaced_is_trusted_as_soon_as_its_file_is_there", "an-authority-lasts-as-long-as-the-process"),
                ]),
            new("H31", "Liveness is wrong",
                "A loop hangs and nobody notices, or an outage of the API server restarts every pod.",
                "Each loop reports progress, and only that counts: an hour without the API server is no reason for a restart.",
                [
                    Service("LivenessTests.A_loop_that_hangs_is_named_and_the_others_are_not", "a-loop-that-hangs-counts-as-alive"),
                    Service("LivenessTests.An_hour_without_the_API_server_is_no_reason_for_a_restart", "an-outage-asks-for-a-restart"),
                ]),
            new("H32", "The service does not stop cleanly",
                "The Lease is kept, a request is cut off, or a crash looks like a success.",
                "A hanging write delays neither the stop nor the release of the Lease by more than a second. A loop that ends unexpectedly ends the process with exit code 70.",
                [
                    Service("StopTests.A_write_that_hangs_is_given_up_a_second_after_the_stop_began", "a-write-that-hangs-keeps-the-stop"),
                    Service("ReplicaTests.A_write_that_hangs_keeps_the_Lease_from_nobody_for_a_second", "a-write-that-hangs-keeps-the-Lease"),
                    Service("LoopTests.A_loop_that_is_cancelled_by_its_own_doing_ends_the_process_with_70", "a-loop-that-ends-unasked-is-fine"),
                ]),
            new("H37", "Each reconnect leaks something",
                "After weeks there are no sockets left.",
                "There is one handler, and everything that was opened is closed: however thousands of watches end, at most one connection stays.",
                [Kubernetes("WatchTests.A_watch_that_is_left_closes_its_connection", "a-watch-that-is-left-keeps-its-connection")]),
            new("H34", "Strangers send more tokens than the API server can review, or it cannot review any",
                "The reviews overload the API server, known callers wait behind strangers, or everybody is let in.",
                "At most ten TokenReviews are in flight and fifty begin per second, at most four fifths of them for tokens that were never valid. Invalid tokens do not evict valid ones. Without an answer nobody is let in.",
                [
                    Service("AuthenticationTests.Without_an_answer_of_the_API_server_nobody_is_let_in_and_with_the_next_one_they_are", "an-API-server-that-is-away-lets-everybody-in"),
                    Service("LimitTests.However_many_strangers_come_from_wherever_at_most_fifty_tokens_are_reviewed_in_a_second", "tokens-are-reviewed-without-a-budget"),
                    Service("LimitTests.Who_was_good_finds_room_to_be_reviewed_again_while_strangers_find_none", "strangers-take-the-whole-budget"),
                    Service("LimitTests.Bad_tokens_push_out_no_good_one", "a-bad-token-pushes-out-a-good-one"),
                ]),
        ]),
    ];

    private static Proof Kubernetes(string test, string fault) => new("DynamicToolset.Kubernetes.Tests", test, fault);

    private static Proof Service(string test, string fault) => new("DynamicToolset.Service.Tests", test, fault);

    private static Proof Pure(string test, string fault) => new("DynamicToolset.Tests", test, fault);
}

/// <param name="Id">Stays the same for good.</param>
/// <param name="Danger">What could happen.</param>
/// <param name="Answer">What the service does.</param>
/// <param name="Proofs">None only where <see cref="IsBuilt"/> is false.</param>
internal sealed record Hazard(string Id, string Title, string Danger, string Answer, ImmutableArray<Proof> Proofs)
{
    /// <summary>False where what it threatens does not exist yet.</summary>
    public bool IsBuilt { get; private init; } = true;

    public static Hazard NotBuilt(string id, string title, string danger, string why) => new(id, title, danger, why, []) { IsBuilt = false };
}

/// <summary>A test that shows the promise, and a fault by which it fails.</summary>
/// <param name="Project">Of the test, and the folder of the fault.</param>
/// <param name="Test">Class and method.</param>
/// <param name="Fault">The name of the patch.</param>
internal sealed record Proof(string Project, string Test, string Fault)
{
    public string Class => Test.Split('.')[0];

    public string Method => Test.Split('.')[1];

    /// <summary>From the root of the repository.</summary>
    public string Patch => $"test/planted-faults/{Project}/{Fault}.patch";
}
