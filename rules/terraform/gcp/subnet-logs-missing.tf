# ruleid: terraform.gcp.subnet-logs-missing
resource "google_compute_subnetwork" "bad0" {
  name = "a"
}
# ruleid: terraform.gcp.subnet-logs-missing
resource "google_compute_subnetwork" "bad1" {
  name = "a"
}
# ruleid: terraform.gcp.subnet-logs-missing
resource "google_compute_subnetwork" "bad2" {
  name = "a"
}
# ok: terraform.gcp.subnet-logs-missing
resource "google_compute_subnetwork" "good0" {
  name = "a"
  log_config {
    flow_sampling = 0.5
  }
}
# ok: terraform.gcp.subnet-logs-missing
resource "google_compute_subnetwork" "good1" {
  name = "a"
  log_config {
    flow_sampling = 0.5
  }
}
# ok: terraform.gcp.subnet-logs-missing
resource "other_thing" "near" {
  name = "a"
}
