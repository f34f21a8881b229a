resource "google_sql_database_instance" "bad1" {
  # ruleid: terraform.gcp.database-without-tls
  require_ssl = true
}
resource "google_sql_database_instance" "bad2" {
  # ruleid: terraform.gcp.database-without-tls
  ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED"
}
resource "google_sql_database_instance" "bad3" {
  # ruleid: terraform.gcp.database-without-tls
  require_ssl = true
}
resource "google_sql_database_instance" "good4" {
  # ok: terraform.gcp.database-without-tls
  require_ssl = true
}
resource "google_sql_database_instance" "good5" {
  # ok: terraform.gcp.database-without-tls
  ssl_mode = "ENCRYPTED_ONLY"
}
resource "google_sql_database_instance" "good6" {
  # ok: terraform.gcp.database-without-tls
  require_ssl = true
}
resource "other_thing" "near" {
  # ok: terraform.gcp.database-without-tls
  require_ssl = false
}
