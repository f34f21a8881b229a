resource "google_compute_ssl_policy" "bad1" {
  # ruleid: terraform.gcp.old-tls
  min_tls_version = "TLS_1_2"
}
resource "google_compute_ssl_policy" "bad2" {
  # ruleid: terraform.gcp.old-tls
  min_tls_version = "TLS_1_2"
}
resource "google_compute_ssl_policy" "bad3" {
  # ruleid: terraform.gcp.old-tls
  min_tls_version = "TLS_1_2"
}
resource "google_compute_ssl_policy" "good4" {
  # ok: terraform.gcp.old-tls
  min_tls_version = "TLS_1_2"
}
resource "google_compute_ssl_policy" "good5" {
  # ok: terraform.gcp.old-tls
  profile = "MODERN"
}
resource "google_compute_ssl_policy" "good6" {
  # ok: terraform.gcp.old-tls
  min_tls_version = "TLS_1_2"
}
resource "other_thing" "near" {
  # ok: terraform.gcp.old-tls
  min_tls_version = "TLS_1_0"
}
