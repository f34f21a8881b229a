func f() {
  // ruleid: swift_catch
  do { try a() } catch { b() }
  do { try a() } catch let e as E { b() }
}
