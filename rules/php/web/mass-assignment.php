<?php
class Users {
    function change(Request $request, $user) {
        // ruleid: php.web.mass-assignment
        User::create($request->all());
        // ruleid: php.web.mass-assignment
        $user->update($request->all());
        // ruleid: php.web.mass-assignment
        $user->fill(request()->all());
        // ok: php.web.mass-assignment
        User::create($request->only(["name"]));
        // ok: php.web.mass-assignment
        $user->update($request->validated());
        // ok: php.web.mass-assignment
        $log->write($request->all());
    }
}
