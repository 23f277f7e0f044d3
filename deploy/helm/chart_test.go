// Package helm has no code: its tests render the chart and read what it makes. It is a module of its own, because Helm and the types of
// Kubernetes would be half of the product's dependencies.
package helm_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

type values = map[string]any

// configuration is the worker's, with a task queue.
func configuration(queue string) values {
	token := values{"api_token_file": "/run/secrets/accessbridge/token"}
	return values{"task_queue": queue, "okta": values{"orgs": values{"acme": token}}, "cloudflare": values{"accounts": values{"acme": token}}}
}

// render renders the chart as `helm install accessbridge --namespace identity` does, with what an installation has to give and more values.
func render(t *testing.T, more values) (map[string]string, error) {
	t.Helper()
	loaded, err := loader.Load("accessbridge")
	if err != nil {
		t.Fatal(err)
	}
	given := values{"image": values{"repository": "registry.example/accessbridge-worker"}, "config": configuration("accessbridge")}
	maps.Copy(given, more)
	options := common.ReleaseOptions{Name: "accessbridge", Namespace: "identity", IsInstall: true}
	input, err := util.ToRenderValues(loaded, given, options, nil)
	if err != nil {
		return nil, err
	}
	return engine.Engine{Strict: true}.Render(loaded, input)
}

// object decodes a rendered template; a field that Kubernetes doesn't know is an error.
func object[T any](t *testing.T, more values, name string) T {
	t.Helper()
	rendered, err := render(t, more)
	if err != nil {
		t.Fatal(err)
	}
	text := rendered["accessbridge/templates/"+name+".yaml"]
	if strings.TrimSpace(text) == "" {
		t.Fatalf("%s is empty", name)
	}
	var decoded T
	if err := yaml.UnmarshalStrict([]byte(text), &decoded); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	return decoded
}

func deployment(t *testing.T, more values) (appsv1.Deployment, corev1.Container) {
	t.Helper()
	decoded := object[appsv1.Deployment](t, more, "deployment")
	if containers := decoded.Spec.Template.Spec.Containers; len(containers) != 1 {
		t.Fatalf("there are %d containers", len(containers))
	}
	return decoded, decoded.Spec.Template.Spec.Containers[0]
}

func TestChart_ConfinesTheWorker(t *testing.T) {
	t.Parallel()
	decoded, worker := deployment(t, nil)
	pod := decoded.Spec.Template.Spec
	if !*pod.SecurityContext.RunAsNonRoot || *pod.SecurityContext.RunAsUser == 0 || pod.SecurityContext.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("the pod runs with %+v", pod.SecurityContext)
	}
	own := worker.SecurityContext
	if !*own.ReadOnlyRootFilesystem || *own.AllowPrivilegeEscalation || !slices.Equal(own.Capabilities.Drop, []corev1.Capability{"ALL"}) {
		t.Errorf("the container runs with %+v", own)
	}
	account := object[corev1.ServiceAccount](t, nil, "serviceaccount")
	if *pod.AutomountServiceAccountToken || *account.AutomountServiceAccountToken || pod.ServiceAccountName != account.Name {
		t.Error("the worker gets a token for Kubernetes")
	}
	if worker.Resources.Limits.Memory().IsZero() || worker.Resources.Limits.Cpu().IsZero() {
		t.Error("the worker may take the whole node")
	}
	for _, mount := range worker.VolumeMounts {
		if !mount.ReadOnly {
			t.Errorf("the worker may write to %s", mount.MountPath)
		}
	}
}

func TestChart_AsksTheProbesThatTheWorkerServes(t *testing.T) {
	t.Parallel()
	_, worker := deployment(t, nil)
	if worker.LivenessProbe.HTTPGet.Path != "/livez" || worker.ReadinessProbe.HTTPGet.Path != "/readyz" {
		t.Errorf("the probes are %+v, %+v", worker.LivenessProbe.HTTPGet, worker.ReadinessProbe.HTTPGet)
	}
	port := worker.Ports[0]
	if address := environment(worker)["ACCESSBRIDGE_HEALTH_ADDRESS"].Value; address != ":8080" || port.ContainerPort != 8080 ||
		worker.LivenessProbe.HTTPGet.Port.StrVal != port.Name || worker.ReadinessProbe.HTTPGet.Port.StrVal != port.Name {
		t.Errorf("the worker listens on %s, and is asked on %+v", address, port)
	}
}

func environment(container corev1.Container) map[string]corev1.EnvVar {
	all := map[string]corev1.EnvVar{}
	for _, variable := range container.Env {
		all[variable.Name] = variable
	}
	return all
}

// TestChart_HoldsNoSecret holds every value of the environment that is a secret to come from the Secret.
func TestChart_HoldsNoSecret(t *testing.T) {
	t.Parallel()
	decoded, worker := deployment(t, values{"secret": "tokens", "temporal": values{
		"address": "example.a2b3c.tmprl.cloud:7233", "namespace": "example.a2b3c", "tls": true,
		"apiKey": "temporal_api_key", "clientCertificate": "tls.crt", "clientKey": "tls.key",
	}})
	got := environment(worker)
	if source := got["TEMPORAL_API_KEY"].ValueFrom; source == nil || source.SecretKeyRef.Name != "tokens" || source.SecretKeyRef.Key != "temporal_api_key" {
		t.Errorf("the API key comes from %+v", source)
	}
	for name, want := range map[string]string{
		"TEMPORAL_ADDRESS": "example.a2b3c.tmprl.cloud:7233", "TEMPORAL_NAMESPACE": "example.a2b3c", "TEMPORAL_TLS": "true",
		"TEMPORAL_TLS_CLIENT_CERT_PATH": "/run/secrets/accessbridge/tls.crt", "TEMPORAL_TLS_CLIENT_KEY_PATH": "/run/secrets/accessbridge/tls.key",
	} {
		if got[name].Value != want {
			t.Errorf("%s is %q, want %q", name, got[name].Value, want)
		}
	}
	secret := decoded.Spec.Template.Spec.Volumes[1].Secret
	if secret.SecretName != "tokens" || *secret.DefaultMode&0o007 != 0 {
		t.Errorf("the secret is mounted as %+v", secret)
	}
	_, plain := deployment(t, nil)
	for _, name := range []string{"TEMPORAL_API_KEY", "TEMPORAL_TLS", "TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH"} {
		if _, set := environment(plain)[name]; set {
			t.Errorf("%s is set although no value asks for it", name)
		}
	}
}

func TestChart_RollsOutWithoutAGap(t *testing.T) {
	t.Parallel()
	decoded, _ := deployment(t, nil)
	if rolling := decoded.Spec.Strategy.RollingUpdate; rolling.MaxUnavailable.IntValue() != 0 || rolling.MaxSurge.IntValue() == 0 || *decoded.Spec.Replicas < 2 {
		t.Errorf("a roll-out is %+v of %d", rolling, *decoded.Spec.Replicas)
	}
	budget := object[policyv1.PodDisruptionBudget](t, nil, "poddisruptionbudget")
	if !maps.Equal(budget.Spec.Selector.MatchLabels, decoded.Spec.Selector.MatchLabels) || budget.Spec.MaxUnavailable.IntValue() != 1 {
		t.Errorf("the budget is %+v", budget.Spec)
	}
	changed, _ := deployment(t, values{"config": configuration("another")})
	if decoded.Spec.Template.Annotations["checksum/config"] == changed.Spec.Template.Annotations["checksum/config"] {
		t.Error("a changed configuration starts no new pods")
	}
	config := object[corev1.ConfigMap](t, values{"config": configuration("another")}, "configmap")
	if !strings.Contains(config.Data["worker.yaml"], "task_queue: another\n") || !strings.Contains(config.Data["worker.yaml"], "format: json\n") {
		t.Errorf("the configuration is %q", config.Data["worker.yaml"])
	}
}

func TestChart_BoundsTheNetwork(t *testing.T) {
	t.Parallel()
	decoded, worker := deployment(t, nil)
	policy := object[networkingv1.NetworkPolicy](t, nil, "networkpolicy").Spec
	if !maps.Equal(policy.PodSelector.MatchLabels, decoded.Spec.Selector.MatchLabels) || len(policy.PolicyTypes) != 2 {
		t.Errorf("the policy is for %+v, %v", policy.PodSelector, policy.PolicyTypes)
	}
	if len(policy.Ingress) != 1 || policy.Ingress[0].Ports[0].Port.StrVal != worker.Ports[0].Name {
		t.Errorf("pods can be reached by %+v", policy.Ingress)
	}
	var reached []string
	for _, rule := range policy.Egress {
		for _, port := range rule.Ports {
			reached = append(reached, port.Port.String()+"/"+string(*port.Protocol))
		}
	}
	if want := []string{"53/UDP", "53/TCP", "443/TCP", "7233/TCP"}; !slices.Equal(reached, want) {
		t.Errorf("pods reach %v, want %v", reached, want)
	}
}

// scaledObject is what of KEDA's ScaledObject the chart uses: its own types need a Kubernetes client.
type scaledObject struct {
	APIVersion, Kind string
	Metadata         values
	Spec             struct {
		ScaleTargetRef                   struct{ Name string }
		MinReplicaCount, MaxReplicaCount int
		Triggers                         []struct {
			Type              string
			Metadata          map[string]string
			AuthenticationRef struct{ Name string }
		}
	}
}

func TestChart_ScalesOnWaitingTasks(t *testing.T) {
	t.Parallel()
	on := values{"autoscaling": values{"enabled": true, "authentication": "temporal"}}
	decoded, _ := deployment(t, on)
	scaled := object[scaledObject](t, on, "scaledobject")
	if decoded.Spec.Replicas != nil || scaled.Spec.ScaleTargetRef.Name != decoded.Name {
		t.Errorf("%s is scaled, and %s has %v replicas", scaled.Spec.ScaleTargetRef.Name, decoded.Name, decoded.Spec.Replicas)
	}
	trigger := scaled.Spec.Triggers[0]
	want := map[string]string{
		"endpoint": "temporal-frontend.temporal:7233", "namespace": "default", "taskQueue": "accessbridge",
		"queueTypes": "workflow,activity", "targetQueueSize": "20",
	}
	if trigger.Type != "temporal" || !maps.Equal(trigger.Metadata, want) || trigger.AuthenticationRef.Name != "temporal" {
		t.Errorf("the trigger is %+v", trigger)
	}
}

func TestChart_LeavesOutWhatIsSwitchedOff(t *testing.T) {
	t.Parallel()
	off := values{"enabled": false}
	rendered, err := render(t, values{"podDisruptionBudget": off, "networkPolicy": off, "autoscaling": off})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"poddisruptionbudget", "networkpolicy", "scaledobject"} {
		if text := rendered["accessbridge/templates/"+name+".yaml"]; strings.TrimSpace(text) != "" {
			t.Errorf("%s is there: %s", name, text)
		}
	}
}

// TestChart_TakesTheExample renders the values that the README of the deployment shows.
func TestChart_TakesTheExample(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(readme), "```yaml\n# my-values.yaml\n")
	example, _, found := strings.Cut(example, "```")
	var given values
	if err := yaml.UnmarshalStrict([]byte(example), &given); err != nil || !found {
		t.Fatalf("the README has no values: %v", err)
	}
	_, worker := deployment(t, given)
	if worker.Image != "registry.example.com/accessbridge-worker:v0.1.0" {
		t.Errorf("the image is %q", worker.Image)
	}
}

func TestChart_RefusesValuesThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for want, wrong := range map[string]values{
		"repository": {"image": values{"repository": ""}},
		"replica":    {"replica": 3},
		"address":    {"temporal": values{"address": "temporal.example.com"}},
		"secret":     {"secret": ""},
		"okta":       {"config": values{}},
	} {
		if _, err := render(t, wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: the error is %v", wrong, err)
		}
	}
}
