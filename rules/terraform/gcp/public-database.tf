resource "google_sql_database_instance" "bad1" {
  authorized_networks {
  # ruleid: terraform.gcp.public-database
  value = "0.0.0.0/0"
  }
}
resource "google_sql_database_instance" "bad2" {
  authorized_networks {
  # ruleid: terraform.gcp.public-database
  value = "0.0.0.0/0"
  }
}
resource "google_sql_database_instance" "bad3" {
  authorized_networks {
  # ruleid: terraform.gcp.public-database
  value = "0.0.0.0/0"
  }
}
resource "google_sql_database_instance" "good4" {
  authorized_networks {
  # ok: terraform.gcp.public-database
  value = "192.0.2.0/24"
  }
}
resource "google_sql_database_instance" "good5" {
  authorized_networks {
  # ok: terraform.gcp.public-database
  name = "0.0.0.0/0"
  }
}
resource "google_sql_database_instance" "good6" {
  authorized_networks {
  # ok: terraform.gcp.public-database
  value = "192.0.2.0/24"
  }
}
resource "other_thing" "near" {
  # ok: terraform.gcp.public-database
  value = "0.0.0.0/0"
}
